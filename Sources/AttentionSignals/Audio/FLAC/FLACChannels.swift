/// How the channels of a frame are written: each for itself, or of two of them one and their difference, the side (section 9.1.3).
enum FLACChannels {
    case independent(Int)
    case leftSide, sideRight, midSide

    init(code: Int) throws(SignalError) {
        switch code {
        case 0...7: self = .independent(code + 1)
        case 8: self = .leftSide
        case 9: self = .sideRight
        case 10: self = .midSide
        default: throw .damagedFLAC("an arrangement of channels", found: "a reserved value")
        }
    }

    var count: Int { if case .independent(let count) = self { count } else { 2 } }

    /// How many bits a channel has more than a sample: a difference needs one.
    func extraBits(of channel: Int) -> Int {
        switch (self, channel) {
        case (.leftSide, 1), (.sideRight, 0), (.midSide, 1): 1
        default: 0
        }
    }

    /// The channels themselves, from what is written for them: numbers of at most 33 bits.
    func restore(_ written: inout [[Int]]) {
        switch self {
        case .independent: break
        case .leftSide:
            for index in written[1].indices { written[1][index] = written[0][index] - written[1][index] }
        case .sideRight:
            for index in written[0].indices { written[0][index] += written[1][index] }
        case .midSide:
            for index in written[0].indices {
                // Of the sum of both, the mean has lost the lowest bit, which is that of their difference.
                let side = written[1][index]
                let sum = written[0][index] << 1 | side & 1
                (written[0][index], written[1][index]) = ((sum + side) >> 1, (sum - side) >> 1)
            }
        }
    }
}
