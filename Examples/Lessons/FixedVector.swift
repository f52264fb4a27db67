package import Attention
import Foundation

/// How much does the last state of a recurrent network know of the first word?
package enum FixedVector {
    /// How far apart 64 pairs of sentences end that differ in their first word alone, as a share of how far apart they were behind that word.
    package static func memory(_ kind: RecurrentCellKind, length: Int) throws -> Float {
        let cell = kind.makeCell(16, 32, key: RandomKey(seed: 1))
        var key = RandomKey(seed: 2)
        var (one, other) = (RecurrentState.zero(64, 32), RecurrentState.zero(64, 32))
        var start: Float = 0
        for place in 0..<length {
            let word = Tensor.normal([64, 16], key: key[0])
            one = try cell(word, one)
            other = try cell(place == 0 ? .normal([64, 16], key: key[1]) : word, other)
            if place == 0 { start = distance(one.hidden, other.hidden) }
            key = key[2]
        }
        return distance(one.hidden, other.hidden) / start
    }

    /// The same of what attention reads when it is asked for the first place: the states behind all words are kept.
    package static func reading(_ kind: RecurrentCellKind, length: Int) throws -> Float {
        let cell = kind.makeCell(16, 32, key: RandomKey(seed: 1))
        var key = RandomKey(seed: 2)
        var (one, other): ([Tensor], [Tensor]) = ([], [])
        for place in 0..<length {
            let word = Tensor.normal([64, 16], key: key[0])
            let changed = place == 0 ? Tensor.normal([64, 16], key: key[1]) : word
            one.append(try cell(word, RecurrentState(hidden: one.last ?? .zeros([64, 32]))).hidden)
            other.append(try cell(changed, RecurrentState(hidden: other.last ?? .zeros([64, 32]))).hidden)
            key = key[2]
        }
        let places = try SinusoidalPositions().table(count: length, size: 32).expanded(to: [64, 1, length, 32])
        let first = try places.sliced(axis: 2, 0..<1) * 4
        func read(_ states: [Tensor]) throws -> Tensor {
            let mechanism = AttentionMechanism(score: .dot)
            let values = try stacked(states, axis: 1).unsqueezed(axis: 1)  // [64, 1, L, 32]
            return try mechanism.attend(first, try mechanism.remember(keys: places, values: values))
        }
        return distance(try read(one), try read(other)) / distance(one[0], other[0])
    }

    private static func distance(_ a: Tensor, _ b: Tensor) -> Float {
        let difference = a - b
        return (difference * difference).sum().scalar.squareRoot()
    }

    static func report() throws -> String {
        var lines = ["words     GRU    LSTM   GRU with attention"]
        for length in [1, 2, 4, 8, 16, 32, 64] {
            let shares = [
                try memory(.gru, length: length), try memory(.lstm, length: length), try reading(.gru, length: length),
            ]
            lines.append(String(format: "%5d  %.4f  %.4f  %.4f", length, shares[0], shares[1], shares[2]))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func drawing() throws -> String {
        let lengths = [1, 2, 4, 8, 16, 32, 64]
        func series(_ name: String, _ share: (Int) throws -> Float) throws -> LineChart.Series {
            let points = try lengths.map { LineChart.Point(x: Double($0), y: Double(try share($0))) }
            return LineChart.Series(name: name, points: points)
        }
        return LineChart(
            title: "What the last state knows of the first word", x: LineChart.Axis("words", scale: .logarithmic),
            y: LineChart.Axis("share"),
            series: [
                try series("GRU") { try memory(.gru, length: $0) },
                try series("LSTM") { try memory(.lstm, length: $0) },
                try series("GRU with attention") { try reading(.gru, length: $0) },
            ]
        ).svg
    }
}
