public import AttentionDecoding
import AttentionFiles

extension PretrainedFolder {
    /// How the model generates: as `generation_config.json` says or, in older folders without one, `config.json`.
    /// - Throws: `PretrainedError` if the file says what cannot be done.
    public func generation() throws -> GenerationConfiguration {
        guard Directory.hasFile(generationFile) else {
            return try reportingConfiguration { try family.generation(nil, fields) }
        }
        return try readingGeneration { try family.generation(GenerationConfiguration($0), fields) }
    }

    /// What `read` makes of the fields of `generation_config.json` or, in older folders without one, of `config.json`.
    /// - Throws: `PretrainedError` naming the file if a field is of the wrong kind.
    package func readingGeneration<Result>(_ read: (ConfigurationFields) throws -> Result) throws -> Result {
        let file = generationFile
        guard Directory.hasFile(file) else { return try reportingConfiguration { try read(fields) } }
        do {
            return try read(ConfigurationFields(try ConfigurationFile.document(file)))
        } catch let error as ConfigurationError {
            throw PretrainedError.badConfiguration(file, reason: "\(error)")
        }
    }

    private var generationFile: String { path + "/generation_config.json" }
}

extension GenerationConfiguration {
    /// The settings under transformers' names; what is not said has transformers' default.
    /// - Throws: `ConfigurationError` if a setting is of the wrong kind.
    public init(_ fields: ConfigurationFields) throws {
        self.init()
        try readSearch(fields)
        try readRules(fields)
        endTokens = Set(try fields.integers("eos_token_id"))
        let start = fields.present("decoder_start_token_id", "bos_token_id")
        startToken = try fields.integers(start).first
    }

    /// The same, but with nothing left of it but the ids with a meaning of their own.
    public var withoutSettings: GenerationConfiguration {
        var plain = GenerationConfiguration()
        (plain.endTokens, plain.startToken) = (endTokens, startToken)
        return plain
    }

    private mutating func readSearch(_ fields: ConfigurationFields) throws {
        newTokenLimit = fields.has("max_new_tokens") ? try fields.integer("max_new_tokens") : nil
        lengthLimit = fields.has("max_length") ? try fields.integer("max_length") : nil
        minimumNewTokens = try fields.integer("min_new_tokens", default: 0)
        minimumLength = try fields.integer("min_length", default: 0)
        beamSize = try fields.size("num_beams", default: 1)
        returnCount = try fields.size("num_return_sequences", default: 1)
        lengthPenalty = try fields.number("length_penalty", default: 1)
        ending = try Self.ending(fields)
        isSampling = try fields.flag("do_sample", default: false)
        temperature = try fields.number("temperature", default: 1)
        let count = try fields.integer("top_k", default: 50)
        topK = count == 0 ? nil : count
        topP = try fields.number("top_p", default: 1)
        minP = fields.has("min_p") ? try fields.number("min_p") : nil
        typicalP = try fields.number("typical_p", default: 1)
    }

    private static func ending(_ fields: ConfigurationFields) throws -> BeamSearch.Ending {
        guard fields.has("early_stopping") else { return .unlikely }
        if fields.isFlag("early_stopping") { return try fields.flag("early_stopping") ? .full : .unlikely }
        let text = try fields.string("early_stopping")
        guard text == "never" else {
            throw ConfigurationError("early_stopping", expected: "true, false or never", found: text)
        }
        return .hopeless
    }

    private mutating func readRules(_ fields: ConfigurationFields) throws {
        repetitionPenalty = try fields.number("repetition_penalty", default: 1)
        repeatedSequenceLength = try fields.integer("no_repeat_ngram_size", default: 0)
        badWords = try fields.integerLists("bad_words_ids")
        suppressedTokens = Set(try fields.integers("suppress_tokens"))
        suppressedFirstTokens = Set(try fields.integers("begin_suppress_tokens"))
        forcedFirstToken = try fields.integers("forced_bos_token_id").first
        forcedLastTokens = try fields.integers("forced_eos_token_id")
        renormalizes = try fields.flag("renormalize_logits", default: false)
    }
}
