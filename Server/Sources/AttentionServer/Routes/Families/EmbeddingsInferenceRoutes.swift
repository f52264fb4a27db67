import Attention
import AttentionJSON
import HTTPTypes
import Hummingbird

/// The routes of text-embeddings-inference, as its clients and huggingface_hub's `InferenceClient` know them. Nothing in them names a model: the
/// first one that does what is asked answers.
///
/// Source: https://huggingface.github.io/text-embeddings-inference.
struct EmbeddingsInferenceRoutes: Sendable {
    let host: ModelHost
    let limits: ServerLimits

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/embed", .embeddingsInference, "Vectors of texts.", task: "embedding",
                schema: Schema.object(
                    required: ["inputs"],
                    [
                        "inputs": Schema.texts, "truncate": Schema.flag, "normalize": Schema.flag,
                        "prompt_name": Schema.string, "dimensions": Schema.integer,
                    ]), answer: embed),
            Endpoint(
                .post, "/embed_all", .embeddingsInference,
                "Vectors of all pieces of texts, as they are before pooling.", task: "embedding",
                schema: Schema.object(
                    required: ["inputs"],
                    ["inputs": Schema.texts, "truncate": Schema.flag, "prompt_name": Schema.string]), answer: embedAll),
            Endpoint(
                .post, "/similarity", .embeddingsInference, "How alike a text is to others.", task: "embedding",
                schema: Schema.object(
                    required: ["inputs"],
                    [
                        "inputs": Schema.object(
                            required: ["source_sentence", "sentences"],
                            ["source_sentence": Schema.string, "sentences": Schema.array(Schema.string)]),
                        "parameters": ["type": "object"],
                    ]), answer: similarity),
            Endpoint(
                .post, "/rerank", .embeddingsInference, "How well texts answer a query, the best first.",
                task: "reranking",
                schema: Schema.object(
                    required: ["query", "texts"],
                    [
                        "query": Schema.string, "texts": Schema.array(Schema.string), "truncate": Schema.flag,
                        "raw_scores": Schema.flag, "return_text": Schema.flag,
                    ]), answer: rerank),
            Endpoint(
                .post, "/predict", .embeddingsInference, "Which classes texts are of.", task: "classification",
                schema: Schema.object(
                    required: ["inputs"],
                    [
                        "inputs": Schema.any(
                            Schema.string, Schema.array(Schema.string), Schema.array(Schema.array(Schema.string))),
                        "truncate": Schema.flag, "raw_scores": Schema.flag,
                    ]), answer: predict),
            Endpoint(
                .post, "/tokenize", .embeddingsInference, "Texts in pieces.",
                schema: Schema.object(
                    required: ["inputs"], ["inputs": Schema.texts, "add_special_tokens": Schema.flag]),
                answer: tokenize),
            Endpoint(
                .post, "/decode", .embeddingsInference, "Texts of tokens.",
                schema: Schema.object(
                    required: ["ids"],
                    [
                        "ids": Schema.any(
                            Schema.array(Schema.integer), Schema.array(Schema.array(Schema.integer))),
                        "skip_special_tokens": Schema.flag,
                    ]), answer: decode),
            Endpoint(.get, "/info", .embeddingsInference, "What is served here, and its limits.", answer: info),
        ]
    }

    // MARK: Vectors

    private func embedAll(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.embedder(nil)
        request.notes.note(model: model.name)
        let vectors = try await model.pieceVectors(try encodings(fields, model, request), request.notes)
        return .json(.array(vectors.map { .array($0.map { .numbers($0) }) }))
    }

    private func encodings(
        _ fields: RequestFields, _ model: ServedEmbedder, _ request: Incoming
    ) throws(RouteError) -> [Encoding] {
        switch try TokenizedInput(try fields.needed(fields["inputs"], "inputs"), "inputs") {
        case .texts(let texts):
            try request.check(count: texts.count, of: "inputs")
            return try model.encode(
                texts, prompt: try fields.string("prompt_name"), cuts: try fields.flag("truncate") ?? false)
        case .tokens(let rows):
            try request.check(count: rows.count, of: "inputs")
            return try model.encode(tokens: rows, parameter: "inputs")
        }
    }

    private func embed(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.embedder(nil)
        request.notes.note(model: model.name)
        let size = try fields.integer("dimensions", in: 1...1 << 20)
        let normalizes = try fields.flag("normalize") ?? true
        let encodings = try encodings(fields, model, request)
        let vectors = try await model.vectors(encodings, request.notes)
        guard let size else {
            return .json(.array(vectors.map { .numbers(normalizes ? $0.normalized : $0) }))
        }
        guard size <= vectors[0].count else {
            throw RouteError.unfit("dimensions", expected: "at most \(vectors[0].count)", found: "\(size)")
        }
        let short = vectors.map { Array($0[..<size]) }
        return .json(.array(short.map { .numbers(normalizes ? $0.normalized : $0) }))
    }

    private func similarity(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.embedder(nil)
        request.notes.note(model: model.name)
        let inputs = try RequestFields(try fields.needed(fields["inputs"], "inputs"), of: "inputs")
        let source = try inputs.needed(try inputs.string("source_sentence"), "inputs.source_sentence")
        let others = try inputs.needed(try inputs.strings("sentences"), "inputs.sentences").texts
        try request.check(count: others.count, of: "inputs.sentences")
        let parameters = try fields["parameters"].map { value throws(RouteError) in
            try RequestFields(value, of: "parameters")
        }
        let encodings = try model.encode([source] + others, cuts: try parameters?.flag("truncate") ?? false)
        let vectors = try await model.vectors(encodings, request.notes)
        return .json(.numbers(vectors.dropFirst().map { model.embedder.similarity(vectors[0], $0) }))
    }

    // MARK: Scores

    private func rerank(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.reranker(nil)
        request.notes.note(model: model.name)
        let query = try fields.needed(try fields.string("query"), "query")
        let texts = try fields.needed(try fields.strings("texts"), "texts").texts
        try request.check(count: texts.count, of: "texts")
        let returnsText = try fields.flag("return_text") ?? false
        let scores = try await model.scores(
            query, texts, raw: try fields.flag("raw_scores") ?? false, cuts: try fields.flag("truncate") ?? false,
            request.notes)
        let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
        return .json(
            .array(
                order.map { index in
                    var members = [
                        JSONMember("index", .number(index)), JSONMember("score", .number(scores[index])),
                    ]
                    if returnsText { members.append(JSONMember("text", .string(texts[index]))) }
                    return .object(members)
                }))
    }

    private func predict(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.classifier(nil)
        request.notes.note(model: model.name)
        try fields.refuse("raw_scores") { $0 == .bool(false) }
        let (inputs, isBatch) = try Self.inputs(try fields.needed(fields["inputs"], "inputs"))
        try request.check(count: inputs.count, of: "inputs")
        let classes = try await model.classes(inputs, cuts: try fields.flag("truncate") ?? false, request.notes)
        let answers: [JSONValue] = classes.map { labels in
            .array(labels.map { ["score": .number($0.score), "label": .string($0.label)] })
        }
        return .json(isBatch ? .array(answers) : answers[0])
    }

    /// A text, a pair of texts, or several of these, each in an array of its own.
    private static func inputs(_ value: JSONValue) throws(RouteError) -> (inputs: [EncodingInput], isBatch: Bool) {
        func input(_ texts: [String]) throws(RouteError) -> EncodingInput {
            guard 1...2 ~= texts.count else {
                throw .unfit("inputs", expected: "one text or two", found: "\(texts.count)")
            }
            return EncodingInput(texts[0], pair: texts.count == 2 ? texts[1] : nil)
        }
        switch value {
        case .string(let text): return ([EncodingInput(text)], false)
        case .array(let items):
            guard case .array? = items.first else {
                guard !items.isEmpty else { return ([], true) }
                return ([try input(try RequestFields.strings(items, "inputs"))], false)
            }
            var inputs: [EncodingInput] = []
            for item in items {
                guard case .array(let texts) = item else {
                    throw .unfit("inputs", expected: "arrays of one text or two", found: item.kind)
                }
                inputs.append(try input(try RequestFields.strings(texts, "inputs")))
            }
            return (inputs, true)
        default: throw .unfit("inputs", expected: "a text, a pair or an array of arrays", found: value.kind)
        }
    }

    // MARK: Pieces

    private func tokenize(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let tokenizer = try await tokenizer()
        let texts = try fields.needed(try fields.strings("inputs"), "inputs").texts
        try request.check(count: texts.count, of: "inputs")
        let adds = try fields.flag("add_special_tokens") ?? true
        return .json(
            .array(
                texts.map { text in
                    let encoding = tokenizer.encode(text, addingSpecialTokens: adds, recognizingSpecialTokens: false)
                    let (offsets, special) = (encoding.offsets, encoding.specialTokensMask)
                    return .array(
                        encoding.pieces.enumerated().map { place, piece in
                            [
                                "id": .number(encoding.ids[place]), "text": .string(piece),
                                "special": .bool(special[place]),
                                "start": special[place] ? .null : .number(offsets[place].lowerBound),
                                "stop": special[place] ? .null : .number(offsets[place].upperBound),
                            ]
                        })
                }))
    }

    private func decode(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let tokenizer = try await tokenizer()
        let value = try fields.needed(fields["ids"], "ids")
        guard case .tokens(let rows) = try TokenizedInput(value, "ids") else {
            throw RouteError.unfit("ids", expected: "an array of tokens or of arrays of them", found: value.kind)
        }
        let skips = try fields.flag("skip_special_tokens") ?? true
        return .json(.array(rows.map { .string(tokenizer.decode($0, skippingSpecialTokens: skips)) }))
    }

    /// That of the first model that has one for texts as they are.
    private func tokenizer() async throws(RouteError) -> Tokenizer {
        for model in host.models {
            let tokenizer: Tokenizer?
            switch model.task {
            case .embedding: tokenizer = try await host.embedder(model.name).embedder.tokenizer
            case .classification: tokenizer = try await host.classifier(model.name).classifier.tokenizer
            case .reranking: tokenizer = try await host.reranker(model.name).reranker.tokenizer
            case .generation: tokenizer = try await host.generator(model.name).generator.tokenizer
            case .translation, .transcription: tokenizer = nil
            }
            if let tokenizer { return tokenizer.limited(truncation: nil, padding: nil) }
        }
        throw RouteError(.unknownModel, "no model with pieces to be shown is served here")
    }

    // MARK: What is served

    private func info(_ request: Incoming) async throws -> Response {
        let kinds: [ServedTask] = [.embedding, .classification, .reranking]
        guard let hosted = host.models.first(where: { kinds.contains($0.task) }) else {
            throw RouteError(.unknownModel, "no model for embedding, reranking or classification is served here")
        }
        let model = try await hosted.model()
        guard let limit = model.readLimit else { throw RouteError(.backend, "the model cannot be opened") }
        let settings = model.queue.limits
        return .json([
            "model_id": .string(model.name), "model_sha": .null, "model_dtype": "float32",
            "model_type": model.embeddingsInferenceType, "max_concurrent_requests": .number(settings.queuedRows),
            "max_input_length": .number(limit), "max_batch_tokens": .number(settings.batchTokens),
            "max_batch_requests": .number(settings.batchRows), "max_client_batch_size": .number(limits.texts),
            "auto_truncate": false, "tokenization_workers": 1, "version": "0.1.0", "sha": .null, "docker_label": .null,
        ])
    }
}

extension ServedModel {
    /// The most pieces of a text that it reads; nil for models that read in other ways.
    fileprivate var readLimit: Int? {
        switch self {
        case .embedder(let model): model.embedder.lengthLimit
        case .classifier(let model): model.classifier.lengthLimit
        case .reranker(let model): model.reranker.lengthLimit
        case .translator, .generator, .transcriber: nil
        }
    }

    /// What text-embeddings-inference calls its kind.
    fileprivate var embeddingsInferenceType: JSONValue {
        switch self {
        case .classifier(let model): ["classifier": Self.labels(model.classifier.labels)]
        case .reranker: ["reranker": Self.labels(["LABEL_0"])]
        case .embedder(let model): ["embedding": ["pooling": .string(model.embedder.pooling.joined(separator: ","))]]
        case .translator, .generator, .transcriber: .null
        }
    }

    private static func labels(_ labels: [String]) -> JSONValue {
        [
            "id2label": .object(labels.enumerated().map { JSONMember("\($0.offset)", .string($0.element)) }),
            "label2id": .object(labels.enumerated().map { JSONMember($0.element, .number($0.offset)) }),
        ]
    }
}
