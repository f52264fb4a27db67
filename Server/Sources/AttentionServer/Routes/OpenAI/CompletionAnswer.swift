import Attention
import AttentionJSON
import HTTPTypes
import Hummingbird

/// `/v1/completions`: what follows a prompt.
struct CompletionAnswer: Sendable {
    let host: ModelHost

    func answer(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try host.generator(try fields.string("model"))
        request.notes.note(model: model.name)
        let prompts = try prompts(fields, model)
        try request.check(count: prompts.count, of: "prompt")
        let asked = try await GenerationRequest(fields, model.generator, request.limits)
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

    static func choice(_ index: Int, _ text: String, finish: String) -> JSONValue {
        ["text": .string(text), "index": .number(index), "logprobs": .null, "finish_reason": .string(finish)]
    }

    static func opening(_ index: Int) -> JSONValue? { nil }

    static func event(_ index: Int, piece: String?, finish: String?) -> JSONValue {
        [
            "text": .string(piece ?? ""), "index": .number(index), "logprobs": .null,
            "finish_reason": finish.map { .string($0) } ?? .null,
        ]
    }
}
