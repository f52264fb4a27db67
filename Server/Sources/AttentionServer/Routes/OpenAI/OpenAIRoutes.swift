import AttentionJSON
import HTTPTypes
import Hummingbird

/// The routes that OpenAI's clients know.
///
/// Source: the OpenAI API reference, https://platform.openai.com/docs/api-reference.
struct OpenAIRoutes: Sendable {
    let host: ModelHost
    /// When the models were opened, in seconds since 1970.
    private let created = UnixTime.now

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/models", .openAI, "The models that are served.") { _ in
                .json(["object": "list", "data": .array(host.models.map(entry))])
            },
            Endpoint(.get, "/v1/models/{model}", .openAI, "One of them.") { request in
                guard let model = host.models.first(where: { $0.name == request.parameter }) else {
                    throw RouteError(.unknownModel, "no model of this name is served here", parameter: "model")
                }
                return .json(entry(of: model))
            },
            Endpoint(
                .post, "/v1/embeddings", .openAI, "Vectors of texts.", task: "embedding",
                schema: Schema.object(
                    required: ["input"],
                    [
                        "input": Schema.any(
                            Schema.string, Schema.array(Schema.string), Schema.array(Schema.integer),
                            Schema.array(Schema.array(Schema.integer))),
                        "model": Schema.word(host.names(for: "embedding")),
                        "encoding_format": ["type": "string", "enum": ["float", "base64"]],
                        "dimensions": Schema.integer, "truncate": Schema.flag,
                    ])
            ) { try await EmbeddingsAnswer(host: host).answer($0) },
            Endpoint(
                .post, "/v1/completions", .openAI, "Text behind a prompt.", task: "generation",
                schema: Schema.object(
                    required: ["prompt"],
                    [
                        "prompt": Schema.any(
                            Schema.string, Schema.array(Schema.string), Schema.array(Schema.integer),
                            Schema.array(Schema.array(Schema.integer))),
                        "model": Schema.word(host.names(for: "generation")), "logprobs": Schema.integer,
                    ], GenerationRequest.schema)
            ) { try await CompletionAnswer(host: host).answer($0) },
            Endpoint(
                .post, "/v1/chat/completions", .openAI, "The next answer of a conversation.", task: "generation",
                schema: Schema.object(
                    required: ["messages"],
                    [
                        "messages": Schema.array(
                            Schema.object(
                                required: ["role", "content"],
                                [
                                    "role": Schema.word(["system", "developer", "user", "assistant"]),
                                    "content": Schema.string,
                                ])),
                        "model": Schema.word(host.names(for: "generation")), "max_completion_tokens": Schema.integer,
                        "logprobs": Schema.flag, "top_logprobs": Schema.integer,
                    ], GenerationRequest.schema)
            ) { try await ChatAnswer(host: host).answer($0) },
        ]
    }

    private func entry(of model: HostedModel) -> JSONValue {
        [
            "id": .string(model.name), "object": "model", "created": .number(created), "owned_by": "attend-server",
            "task": .string(model.task.word),
        ]
    }
}
