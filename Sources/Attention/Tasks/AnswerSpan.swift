import AttentionText
internal import Glibc

/// A part of a context that may be the answer.
struct AnswerSpan {
    /// Where it stands, in Unicode scalars of the context.
    let range: Range<Int>
    /// The probability that the answer begins and ends there, of all places of its window.
    let score: Float

    /// What it says.
    func text(in scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range.clamped(to: 0..<scalars.count)])
        return String(view)
    }

    /// The likeliest spans of each window.
    ///
    /// - Parameters:
    ///   - logits: [B, L, 2], of beginnings and ends.
    ///   - rowLength: L.
    ///   - lengthLimit: the most pieces of an answer.
    static func likeliest(
        in logits: [Float], of encodings: [Encoding], rowLength: Int, lengthLimit: Int
    ) -> [[AnswerSpan]] {
        encodings.enumerated().map { row, encoding in
            let places = encoding.sequenceIDs.enumerated().filter { $0.element == 1 }.map(\.offset)
            let offsets = encoding.offsets
            func shares(_ end: Int) -> [Float] {
                let scores = places.map { logits[(row * rowLength + $0) * 2 + end] }
                let largest = scores.max() ?? 0
                let powers = scores.map { exp($0 - largest) }
                let sum = powers.reduce(0, +)
                return powers.map { $0 / sum }
            }
            let (starts, ends) = (shares(0), shares(1))
            let pairs = places.indices.flatMap { start in
                (start..<min(places.count, start + lengthLimit)).map { (start, $0, starts[start] * ends[$0]) }
            }
            return pairs.max(count: 20, by: { $0.2 < $1.2 }).map { start, end, score in
                let (first, last) = (offsets[places[start]], offsets[places[end]])
                return AnswerSpan(
                    range: first.lowerBound..<max(first.lowerBound, last.upperBound), score: score)
            }
        }
    }

    /// The best of these, no two in the same place, the best first.
    static func apart(_ spans: [AnswerSpan], count: Int) -> [AnswerSpan] {
        var chosen: [AnswerSpan] = []
        for span in spans.sorted(by: { $0.score > $1.score }) where chosen.count < count {
            if !chosen.contains(where: { $0.range.overlaps(span.range) }) { chosen.append(span) }
        }
        return chosen
    }
}
