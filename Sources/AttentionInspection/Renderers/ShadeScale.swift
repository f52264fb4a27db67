/// Which weight gets the full shade of a picture; 0 gets none, and what lies between gets its share.
public enum ShadeScale: Sendable, Hashable {
    /// The greatest weight of the picture, so that spread-out attention is visible too.
    case greatest
    /// A weight of 1, so that pictures can be compared with each other. Greater weights are shown like 1.
    case one

    /// The weight that gets the full shade; never 0.
    func fullShade(of matrix: AlignmentMatrix) -> Float { fullShade(ofGreatest: matrix.greatestWeight) }

    /// The same of weights of which this is the greatest.
    func fullShade(ofGreatest greatest: Float) -> Float { self == .greatest && greatest > 0 ? greatest : 1 }
}
