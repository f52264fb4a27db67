public import AttentionModels
import AttentionTensors
import AttentionText

/// Where a text answers a question (Rajpurkar et al. 2016; Devlin et al. 2019, sec. 4.2).
///
/// ```swift
/// let answerer = try QuestionAnswerer(path: "bert-squad")
/// let answer = try answerer.answer("Who wrote Faust?", context: text).first
/// ```
///
/// Contexts longer than the model reads are taken in windows that overlap; the best answer of all is given.
public struct QuestionAnswerer: HeadedModel {
    private let text: TextModel
    /// The heads that can be left out.
    public var heads: HeadCounts { text.model.heads }
    private let head: TokenHead
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
    /// - Parameter adapters: a folder of adapters that are made part of the model's weights; nil for none.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    public init(path: String, adapters: String? = nil) throws {
        text = try TextModel(path: path, task: .spans, adapters: adapters)
        guard case .spans(let head) = text.model.head else {
            throw PretrainedError.wrongTask(needed: EncoderTask.spans.description, found: "another", folder: path)
        }
        self.head = head
    }

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
        let windows = try text.windows(question, context, stride: stride)
        let spans = try text.map(windows, in: &run) { batch, encodings, states in
            AnswerSpan.likeliest(
                in: try head(states).values, of: encodings, rowLength: batch.length, lengthLimit: lengthLimit)
        }.flatMap(\.self)
        let scalars = Array(context.unicodeScalars)
        return AnswerSpan.apart(spans, count: count).map {
            Answer(text: $0.text(in: scalars), score: $0.score, range: $0.range)
        }
    }
}

extension TextModel {
    /// A question with a context, in windows that overlap if it is long.
    /// - Throws: `PretrainedError.noRoom` if the question leaves no room for the context.
    func windows(_ question: String, _ context: String, stride: Int) throws(PretrainedError) -> [Encoding] {
        let asked = limited(nil).encode(question, recognizingSpecialTokens: false).ids.count
        // Special pieces stand between and behind the two.
        let room = lengthLimit - asked - 4
        guard room > 0 else { throw .noRoom(pieces: asked, limit: lengthLimit) }
        let windows = Truncation(maximumLength: lengthLimit, stride: min(stride, room / 2), strategy: .onlySecond)
        let first = limited(windows).encode(question, pair: context, recognizingSpecialTokens: false)
        return [first] + first.overflowing
    }
}
