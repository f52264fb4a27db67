import Attention
import AttentionJSON

/// What the two routes that write have in common: how far, how, how many texts, and whether piece by piece.
struct GenerationRequest: Sendable {
    /// How many texts behind each prompt.
    let choices: Int
    /// Whether pieces are sent as they are written.
    let streams: Bool
    /// Whether the last event of a stream says how many tokens there were.
    let countsUsage: Bool
    /// How many of the likeliest tokens are told beside each that is written; nil where nothing is asked of tokens.
    let alternativeCount: Int?
    private let newTokens: Int
    private let seed: UInt64
    private let generator: TextGenerator

    static let schema: KeyValuePairs<String, JSONValue> = [
        "max_tokens": Schema.integer, "temperature": Schema.number, "top_p": Schema.number, "n": Schema.integer,
        "seed": Schema.integer, "stop": Schema.texts, "stream": Schema.flag, "presence_penalty": Schema.number,
        "logit_bias": ["type": "object"], "response_format": ["type": "object"],
        "stream_options": ["type": "object"],
    ]

    /// What a request says, for a generator.
    /// - Parameter alternativeCount: what it says of `logprobs`, as its route reads it.
    init(
        _ fields: RequestFields, alternativeCount: Int?, _ generator: TextGenerator, _ limits: ServerLimits
    ) async throws {
        try Self.refuseUnserved(fields)
        self.alternativeCount = alternativeCount
        let asked = try fields.integer("max_completion_tokens", in: 1...1 << 30)
        newTokens = min(
            try asked ?? fields.integer("max_tokens", in: 1...1 << 30) ?? limits.defaultNewTokens, limits.newTokens)
        choices = try fields.integer("n", in: 1...limits.choices) ?? 1
        streams = try fields.flag("stream") ?? false
        countsUsage =
            try fields["stream_options"].map { value in
                try RequestFields(value, of: "stream_options").flag("include_usage") ?? false
            } ?? false
        seed =
            try fields.integer("seed", in: Int.min...Int.max).map { UInt64(bitPattern: Int64($0)) }
            ?? .random(in: 0 ... .max)
        var generator = generator
        try Self.apply(fields, to: &generator.configuration, vocabularySize: generator.model.vocabularySize)
        generator.stopWords = try Self.stopWords(fields, limits)
        guard alternativeCount == nil || generator.configuration.beamSize == 1 else {
            throw RouteError.unfit(
                "logprobs", expected: "none where the model searches with beams, unless there is a temperature,",
                found: "some")
        }
        self.generator = try await Self.constrained(generator, fields)
    }

    /// What cannot be done is said, not passed over.
    private static func refuseUnserved(_ fields: RequestFields) throws(RouteError) {
        for name in ["echo", "stream_resume"] { try fields.refuse(name) { $0 == .bool(false) } }
        try fields.refuse("frequency_penalty") { $0 == .number(0) }
        for name in ["tools", "functions"] { try fields.refuse(name) { $0 == .array([]) } }
        for name in ["suffix", "audio", "function_call"] { try fields.refuse(name) }
        try fields.refuse("tool_choice") { $0 == "none" || $0 == "auto" }
        try fields.refuse("best_of") { $0 == .number(1) }
        try fields.refuse("modalities") { $0 == ["text"] }
    }

    private static func apply(
        _ fields: RequestFields, to configuration: inout GenerationConfiguration, vocabularySize: Int
    ) throws(RouteError) {
        configuration.returnCount = 1
        if let temperature = try fields.number("temperature", in: 0...2) {
            // Below that, nothing but the likeliest has a chance that is a number.
            configuration.isSampling = temperature > 0.001
            if configuration.isSampling { (configuration.temperature, configuration.topK) = (temperature, nil) }
            configuration.beamSize = 1
        }
        if let share = try fields.number("top_p", in: 0...1) {
            configuration.topP = max(share, .leastNormalMagnitude)
        }
        if let penalty = try fields.number("presence_penalty", in: -2...2) { configuration.presencePenalty = penalty }
        guard let bias = fields["logit_bias"] else { return }
        guard case .object(let members) = bias else {
            throw .unfit("logit_bias", expected: "an object of tokens and numbers", found: bias.kind)
        }
        for member in members {
            guard let token = Int(member.key), 0..<vocabularySize ~= token, case .number(let number) = member.value,
                -100...100 ~= number.double
            else {
                throw .unfit(
                    "logit_bias", expected: "tokens of the vocabulary with numbers from -100 to 100", found: "another")
            }
            configuration.sequenceBias[[token]] = number.float
        }
    }

    private static func stopWords(_ fields: RequestFields, _ limits: ServerLimits) throws(RouteError) -> [String] {
        let words = try fields.strings("stop")?.texts ?? []
        guard words.count <= limits.stopWords, words.allSatisfy({ 1...256 ~= $0.utf8.count }) else {
            throw .unfit("stop", expected: "at most \(limits.stopWords) words of 1 to 256 bytes", found: "others")
        }
        return words
    }

    /// The generator held to the schema that `response_format` asks for.
    private static func constrained(_ generator: TextGenerator, _ fields: RequestFields) async throws -> TextGenerator {
        guard let value = fields["response_format"] else { return generator }
        let format = try RequestFields(value, of: "response_format")
        switch try format.string("type") {
        case "text": return generator
        case "json_schema":
            let inner = try RequestFields(try format.needed(format["json_schema"], "json_schema"), of: "json_schema")
            let schema = JSONWriter.write(try inner.needed(inner["schema"], "json_schema.schema"), as: .compact)
            do {
                // A schema and a large vocabulary take a while to be laid out.
                return try await Task(executorPreference: ComputeThreads.shared) {
                    var generator = generator
                    try generator.constrain(to: TextLanguage(jsonSchema: schema))
                    return generator
                }.value
            } catch let error as TextLanguageError {
                throw RouteError(.malformed, "\(error)", parameter: "response_format")
            }
        default: throw RouteError.unfit("response_format.type", expected: "text or json_schema", found: "another")
        }
    }

    // MARK: What is written

    /// A text for each prompt and choice, those of one prompt together.
    /// - Parameter receive: told of pieces, and of the place of the text that they belong to.
    func jobs(
        _ prompts: [[Int]], receive: (@Sendable (_ index: Int, _ piece: ScoredText) -> Void)?
    ) throws(RouteError) -> [GenerationJob] {
        var jobs: [GenerationJob] = []
        for prompt in prompts {
            guard !prompt.isEmpty else {
                throw RouteError(.empty, "expected a prompt of at least one token, found none")
            }
            var generator = generator
            generator.configuration.newTokenLimit = try newTokenLimit(behind: prompt)
            for _ in 0..<choices {
                let index = jobs.count
                generator.key = RandomKey(seed: seed &+ UInt64(index))
                var told: (@Sendable (ScoredText) -> Void)?
                if let receive { told = { piece in receive(index, piece) } }
                jobs.append(
                    GenerationJob(
                        generator: generator, prompt: prompt, alternativeCount: alternativeCount, receive: told))
            }
        }
        return jobs
    }

    private func newTokenLimit(behind prompt: [Int]) throws(RouteError) -> Int {
        guard generator.model.languageModel != nil, let limit = generator.model.lengthLimit else { return newTokens }
        guard prompt.count < limit else { throw .tooManyTokens(prompt.count, limit: limit - 1, parameter: nil) }
        return min(newTokens, limit - prompt.count)
    }

    /// Why a text ended where it did: by itself or a stop word, or because no more was to be written.
    func finishReason(_ written: TextGenerator.Written, of job: GenerationJob) -> String {
        let generator = job.generator
        let isWhole = written.tokens.last.map(generator.configuration.endTokens.contains) ?? true
        let limit = generator.configuration.newTokenLimit ?? .max
        if isWhole || written.tokens.count < limit { return "stop" }
        let all = generator.tokenizer?.decode(written.tokens) ?? ""
        return all.utf8.count > (written.text ?? "").utf8.count ? "stop" : "length"
    }
}
