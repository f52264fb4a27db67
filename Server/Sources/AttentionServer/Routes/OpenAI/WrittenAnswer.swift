import Attention
import AttentionJSON
import HTTPTypes
import Hummingbird
import NIOCore

/// How a route that writes puts what was written: whole, or as the events of a stream.
protocol WrittenForm: Sendable {
    /// `cmpl-` or `chatcmpl-`.
    static var idPrefix: String { get }
    /// What the whole and an event of a stream are called.
    static var objects: (whole: String, event: String) { get }
    /// How many of the likeliest tokens a request asks for beside each that is written; nil where it asks nothing of tokens.
    static func alternativeCount(_ fields: RequestFields) throws(RouteError) -> Int?
    /// What is known of tokens.
    /// - Parameter offset: where in the text they begin, in characters of Unicode.
    static func logProbabilities(_ tokens: [ScoredToken], offset: Int) -> JSONValue
    /// A choice of the whole.
    static func choice(_ index: Int, _ text: String, logProbabilities: JSONValue, finish: String) -> JSONValue
    /// What a stream begins with for each choice; nil for nothing.
    static func opening(_ index: Int) -> JSONValue?
    /// A choice of an event: a piece of text, or why it ended.
    static func event(_ index: Int, piece: String?, logProbabilities: JSONValue, finish: String?) -> JSONValue
}

/// The answer of a route that writes.
struct WrittenAnswer<Form: WrittenForm>: Sendable {
    let model: ServedGenerator
    let asked: GenerationRequest
    let prompts: [[Int]]
    let notes: RequestNotes
    private let id = Form.idPrefix + UnixTime.randomID
    private let created = UnixTime.now

    init(model: ServedGenerator, asked: GenerationRequest, prompts: [[Int]], notes: RequestNotes) {
        (self.model, self.asked, self.prompts, self.notes) = (model, asked, prompts, notes)
    }

    func answer() async throws -> Response { asked.streams ? try await stream() : try await whole() }

    private func whole() async throws -> Response {
        let jobs = try asked.jobs(prompts, receive: nil)
        let texts = try await written(jobs)
        let choices = zip(jobs, texts).enumerated().map { index, pair in
            Form.choice(
                index, pair.1.written.text ?? "", logProbabilities: known(of: pair.1.tokens, offset: 0),
                finish: asked.finishReason(pair.1.written, of: pair.0))
        }
        return .json(document(Form.objects.whole, choices, usage: usage(texts)))
    }

    private func known(of tokens: [ScoredToken], offset: Int) -> JSONValue {
        asked.alternativeCount == nil ? .null : Form.logProbabilities(tokens, offset: offset)
    }

    private func written(_ jobs: [GenerationJob]) async throws -> [GenerationJob.Result] {
        let texts = try await model.texts(jobs, notes)
        notes.note(writtenTokens: texts.reduce(0) { $0 + $1.written.tokens.count })
        return texts
    }

    /// Events as they come. Nothing is sent before the first of them, so that a refusal is a status and not a broken stream.
    private func stream() async throws -> Response {
        let (events, source) = AsyncThrowingStream<JSONValue, any Error>.makeStream()
        let begun = SentPieces()
        let jobs = try asked.jobs(prompts) { index, piece in
            let offset = begun.add(piece.text.unicodeScalars.count, to: index)
            if offset == nil, let opening = Form.opening(index) { source.yield(event(opening)) }
            let known = known(of: piece.tokens, offset: offset ?? 0)
            source.yield(event(Form.event(index, piece: piece.text, logProbabilities: known, finish: nil)))
        }
        let writing = Task {
            do {
                let texts = try await written(jobs)
                for (index, (job, text)) in zip(jobs, texts).enumerated() {
                    if begun.add(0, to: index) == nil, let opening = Form.opening(index) {
                        source.yield(event(opening))
                    }
                    let finish = asked.finishReason(text.written, of: job)
                    source.yield(event(Form.event(index, piece: nil, logProbabilities: .null, finish: finish)))
                }
                if asked.countsUsage { source.yield(document(Form.objects.event, [], usage: usage(texts))) }
                source.finish()
            } catch { source.finish(throwing: error) }
        }
        source.onTermination = { _ in writing.cancel() }
        return try await withTaskCancellationHandler {
            try await ServerSentEvents(events).response()
        } onCancel: {
            writing.cancel()
        }
    }

    private func event(_ choice: JSONValue) -> JSONValue {
        document(Form.objects.event, [choice], usage: asked.countsUsage ? .null : nil)
    }

    private func document(_ object: String, _ choices: [JSONValue], usage: JSONValue?) -> JSONValue {
        var members = [
            JSONMember("id", .string(id)), JSONMember("object", .string(object)),
            JSONMember("created", .number(created)), JSONMember("model", .string(model.name)),
            JSONMember("choices", .array(choices)),
        ]
        if let usage { members.append(JSONMember("usage", usage)) }
        return .object(members)
    }

    private func usage(_ texts: [GenerationJob.Result]) -> JSONValue {
        let read = prompts.reduce(0) { $0 + $1.count }
        let written = texts.reduce(0) { $0 + $1.written.tokens.count }
        return [
            "prompt_tokens": .number(read), "completion_tokens": .number(written),
            "total_tokens": .number(read + written),
        ]
    }
}
