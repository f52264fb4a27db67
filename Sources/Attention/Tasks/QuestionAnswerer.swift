import AttentionModels
import AttentionTensors
import AttentionText
internal import Glibc

/// Where a text answers a question (Rajpurkar et al. 2016; Devlin et al. 2019, sec. 4.2).
///
/// ```swift
/// let answerer = try QuestionAnswerer(path: "bert-squad")
/// let answer = try answerer.answer("Who wrote Faust?", context: text).first
/// ```
///
/// Contexts longer than the model reads are taken in windows that overlap; the best answer of all is given.
public struct QuestionAnswerer: Sendable {
    private let text: TextModel
    /// How many pieces of a window are seen again in the next.
    public var stride = 128
    /// The most pieces of an answer.
    public var lengthLimit = 30

    /// A part of the context.
    public struct Answer: Sendable, Hashable {
        /// What it says.
        public let text: String
        /// The probability that it begins and ends there, of all places of its window.
        public let score: Float
        /// Where it stands, in Unicode scalars of the context.
        public let range: Range<Int>
    }

    /// Opens a folder.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    public init(path: String) throws { text = try TextModel(path: path, task: .spans) }

    /// The best answers, no two in the same place, the best first; none if the context is empty.
    /// - Throws: `PretrainedError` if the question leaves no room for the context; `CancellationError` if the task was cancelled.
    public func answer(_ question: String, context: String, count: Int = 1) throws -> [Answer] {
        var run = TaskRun()
        return try answer(question, context: context, count: count, in: &run)
    }

    /// The same in a run that says more of it. Contexts are never cut: each window is a row of its own.
    /// - Throws: as above, and if there is no head that the run asks for.
    public func answer(
        _ question: String, context: String, count: Int = 1, in run: inout TaskRun
    ) throws -> [Answer] {
        let asked = text.limited(nil).encode(question, recognizingSpecialTokens: false).ids.count
        // Special pieces stand between and behind the two.
        let room = text.lengthLimit - asked - 4
        guard room > 0 else { throw PretrainedError.noRoom(pieces: asked, limit: text.lengthLimit) }
        let windows = Truncation(
            maximumLength: text.lengthLimit, stride: min(stride, room / 2), strategy: .onlySecond)
        let first = text.limited(windows).encode(question, pair: context, recognizingSpecialTokens: false)
        let found = try text.map([first] + first.overflowing, in: &run) { try spans($0, $1, $2) }.flatMap(\.self)
        let scalars = Array(context.unicodeScalars)
        var answers: [Answer] = []
        for span in found.sorted(by: { $0.score > $1.score }) where answers.count < count {
            guard !answers.contains(where: { $0.range.overlaps(span.range) }) else { continue }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[span.range.clamped(to: 0..<scalars.count)])
            answers.append(Answer(text: String(view), score: span.score, range: span.range))
        }
        return answers
    }

    private struct Span {
        let range: Range<Int>
        let score: Float
    }

    /// The likeliest spans of each window.
    private func spans(_ batch: TokenBatch, _ encodings: [Encoding], _ states: Tensor) throws -> [[Span]] {
        guard case .spans(let head) = text.model.head else { return [] }
        let logits = try head(states).values  // [B, L, 2]
        return encodings.enumerated().map { row, encoding in
            let places = encoding.sequenceIDs.enumerated().filter { $0.element == 1 }.map(\.offset)
            let offsets = encoding.offsets
            func shares(_ end: Int) -> [Float] {
                let scores = places.map { logits[(row * batch.length + $0) * 2 + end] }
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
                return Span(range: first.lowerBound..<max(first.lowerBound, last.upperBound), score: score)
            }
        }
    }
}
