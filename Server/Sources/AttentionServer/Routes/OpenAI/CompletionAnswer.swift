import Attention
import AttentionJSON
import HTTPTypes
import Hummingbird

/// `/v1/completions`: what follows a prompt.
struct CompletionAnswer: Sendable {
    let host: ModelHost

    func answer(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.generator(try fields.string("model"))
        request.notes.note(model: model.name)
        let prompts = try prompts(fields, model)
        try request.check(count: prompts.count, of: "prompt")
        let asked = try await GenerationRequest(
            fields, alternativeCount: try CompletionForm.alternativeCount(fields), model.generator, request.limits)
        return try await WrittenAnswer<CompletionForm>(
            model: model, asked: asked, prompts: prompts, notes: request.notes
        ).answer()
    }

    private func prompts(_ fields: RequestFields, _ model: ServedGenerator) throws -> [[Int]] {
        switch try TokenizedInput(try fields.needed(fields["prompt"], "prompt"), "prompt") {
        case .texts(let texts): return try texts.map { try model.generator.tokens(of: $0) }
        case .tokens(let rows):
            let count = model.generator.model.vocabularySize
            guard rows.allSatisfy({ $0.allSatisfy { $0 < count } }) else {
                throw RouteError.unfit("prompt", expected: "tokens from 0 to \(count - 1)", found: "others")
            }
            return rows
        }
    }
}

enum CompletionForm: WrittenForm {
    static let idPrefix = "cmpl-"
    static let objects = (whole: "text_completion", event: "text_completion")

    static func alternativeCount(_ fields: RequestFields) throws(RouteError) -> Int? {
        try fields["logprobs"] == .bool(false) ? nil : fields.integer("logprobs", in: 0...5)
    }

    /// Four arrays of as many elements. Of the likeliest tokens, that which was written is one, whether it is among them or not.
    static func logProbabilities(_ tokens: [ScoredToken], offset: Int) -> JSONValue {
        var offsets: [JSONValue] = []
        var place = offset
        for token in tokens {
            offsets.append(.number(place))
            place += token.text.unicodeScalars.count
        }
        return [
            "tokens": .array(tokens.map { .string($0.text) }),
            "token_logprobs": .array(tokens.map { .number($0.logProbability) }),
            "top_logprobs": .array(tokens.map(likeliest)), "text_offset": .array(offsets),
        ]
    }

    /// Several tokens may be the same as text: an object has the likeliest of them.
    private static func likeliest(_ token: ScoredToken) -> JSONValue {
        var members: [JSONMember] = []
        for (text, value) in token.alternatives.map({ ($0.text, $0.logProbability) })
            + [(token.text, token.logProbability)]
        where !members.contains(where: { $0.key == text }) { members.append(JSONMember(text, .number(value))) }
        return .object(members)
    }

    static func choice(_ index: Int, _ text: String, logProbabilities: JSONValue, finish: String) -> JSONValue {
        [
            "text": .string(text), "index": .number(index), "logprobs": logProbabilities,
            "finish_reason": .string(finish),
        ]
    }

    static func opening(_ index: Int) -> JSONValue? { nil }

    static func event(_ index: Int, piece: String?, logProbabilities: JSONValue, finish: String?) -> JSONValue {
        [
            "text": .string(piece ?? ""), "index": .number(index), "logprobs": logProbabilities,
            "finish_reason": finish.map { .string($0) } ?? .null,
        ]
    }
}
