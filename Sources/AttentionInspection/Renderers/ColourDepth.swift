/// How many colours a terminal has.
///
/// Either way shades run from night blue over violet and coral to pale gold. The ground of a cell is painted even for
/// 0, so the picture looks the same on light and dark terminals.
public enum ColourDepth: Sendable, Hashable {
    /// The 256 colours of xterm.
    case indexed
    /// Red, green and blue of 8 bits each.
    case full

    /// The parameters of the escape sequence that paints the ground in the colour of a shade from 0 to 1.
    func background(_ shade: Float) -> String {
        switch self {
        case .indexed:
            let indices = [234, 53, 89, 125, 167, 209, 215, 222]
            return "48;5;\(indices[Int((shade * Float(indices.count - 1)).rounded())])"
        case .full:
            let colour = mixedColour(shade)
            return "48;2;\(colour.x);\(colour.y);\(colour.z)"
        }
    }
}

private let stops: [SIMD3<Float>] = [
    [24, 22, 44], [72, 36, 112], [158, 50, 114], [234, 104, 74], [254, 222, 150],
]

/// Red, green and blue between the two nearest stops.
private func mixedColour(_ shade: Float) -> SIMD3<Int> {
    let position = shade * Float(stops.count - 1)
    let below = min(Int(position), stops.count - 2)
    let mixed = stops[below] + (stops[below + 1] - stops[below]) * (position - Float(below))
    return SIMD3(mixed, rounding: .toNearestOrAwayFromZero)
}
