import ArgumentParser
import Attention

/// How a model generates, where it is not as its folder says.
struct GenerationOptions: ParsableArguments {
    @Flag(help: "Take nothing of generation_config.json but the special tokens.")
    var ignoreGenerationConfig = false
    @Option(parsing: .unconditional, help: "Tokens written at most.")
    var maxNewTokens: Int?
    @Option(parsing: .unconditional, help: "Tokens written at least before an end.")
    var minNewTokens: Int?
    @Option(help: ArgumentHelp("The token that ends a text, several with commas, or none.", valueName: "id|none"))
    var eos: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("The token that must come behind the first.", valueName: "id"))
    var forcedBos: Int?
    @Option(help: "Words behind which nothing follows; may be given several times.")
    var stop: [String] = []
    @Option(parsing: .unconditional, help: "Hypotheses that live in a beam search; 1 for none.")
    var beam: Int?
    @Option(parsing: .unconditional, help: "Hypotheses are ranked by ln P / length^α; this is α.")
    var lengthPenalty: Double?
    @Option(
        help:
            "When a beam search is done: true, as soon as it has enough; false, when better is unlikely; never, when it is impossible."
    )
    var earlyStopping: EarlyStopping?
    @Option(name: .customLong("return"), parsing: .unconditional, help: "Texts wanted.")
    var returnCount: Int?
    @Option(parsing: .unconditional, help: ArgumentHelp("Write no so many tokens in a row twice.", valueName: "n"))
    var noRepeatNgram: Int?
    @Option(parsing: .unconditional, help: "Makes tokens of the text less likely, above 1.")
    var repetitionPenalty: Double?
    @Option(parsing: .unconditional, help: "Is taken off the logits of tokens that were written.")
    var presencePenalty: Double?
    @Flag(inversion: .prefixedNo, help: "Draw tokens at random; with --beam, what the beam goes on with.")
    var sample: Bool?
    @Option(parsing: .unconditional, help: "Draw: below 1 likely tokens become likelier.")
    var temperature: Double?
    @Option(parsing: .unconditional, help: "Draw among so many of the likeliest; 0 for all.")
    var topK: Int?
    @Option(parsing: .unconditional, help: "Draw among the likeliest with this share.")
    var topP: Double?
    @Option(parsing: .unconditional, help: "Draw among those with this share of the likeliest one's probability.")
    var minP: Double?
    @Option(parsing: .unconditional, help: "Draw among the most typical with this share.")
    var typicalP: Double?
    @Option(parsing: .unconditional, help: "Where randomness comes from.")
    var seed: UInt64 = 0

    /// `--early-stopping`.
    enum EarlyStopping: String, CaseIterable, ExpressibleByArgument {
        case `true`, `false`, never

        var ending: BeamSearch.Ending {
            switch self {
            case .true: .full
            case .false: .unlikely
            case .never: .hopeless
            }
        }
    }

    func validate() throws {
        for (name, value, least) in [
            ("max-new-tokens", maxNewTokens, 0), ("min-new-tokens", minNewTokens, 0), ("forced-bos", forcedBos, 0),
            ("return", returnCount, 1), ("no-repeat-ngram", noRepeatNgram, 0), ("top-k", topK, 0),
        ] {
            if let value, value < least {
                throw ValidationError("--\(name): expected at least \(least), found \(value)")
            }
        }
        if let minNewTokens, let maxNewTokens, minNewTokens > maxNewTokens {
            throw ValidationError(
                "--min-new-tokens: expected at most the \(maxNewTokens) of --max-new-tokens, found \(minNewTokens)")
        }
        if let beam, !SearchSettings.beamSizes.contains(beam) {
            throw ValidationError("--beam: expected 1 to 200, found \(beam)")
        }
        if let beam, let returnCount, beam > 1, returnCount > beam {
            throw ValidationError("--return: expected at most the \(beam) of --beam, found \(returnCount)")
        }
        if let repetitionPenalty, !(repetitionPenalty > 0 && repetitionPenalty.isFinite) {
            throw ValidationError("--repetition-penalty: expected a number above 0, found \(repetitionPenalty)")
        }
        try validateSampling()
        _ = try endTokens()
    }

    private func validateSampling() throws {
        for (name, value) in [("length-penalty", lengthPenalty), ("presence-penalty", presencePenalty)] {
            if let value, !value.isFinite {
                throw ValidationError("--\(name): expected a finite number, found \(value)")
            }
        }
        if let temperature, !(temperature >= 0 && temperature.isFinite) {
            throw ValidationError("--temperature: expected a number from 0 up, found \(temperature)")
        }
        for (name, value) in [("top-p", topP), ("typical-p", typicalP)] {
            if let value, !(value > 0 && value <= 1) {
                throw ValidationError("--\(name): expected a share above 0 and at most 1, found \(value)")
            }
        }
        if let minP, !(0...1).contains(minP) {
            throw ValidationError("--min-p: expected a share of 0 to 1, found \(minP)")
        }
    }

    /// Refuses several texts where one is written for each that is read.
    func validateOneText() throws {
        if let returnCount, returnCount > 1 {
            throw ValidationError("--return: expected 1, since one text is written of each, found \(returnCount)")
        }
    }

    /// What the folder says, with what was asked for.
    func configured(_ folder: GenerationConfiguration) throws -> GenerationConfiguration {
        var result = ignoreGenerationConfig ? folder.withoutSettings : folder
        if let maxNewTokens { result.newTokenLimit = maxNewTokens }
        if let minNewTokens { result.minimumNewTokens = minNewTokens }
        if let tokens = try endTokens() { result.endTokens = tokens }
        if let forcedBos { result.forcedFirstToken = forcedBos }
        if let beam { result.beamSize = beam }
        if let lengthPenalty { result.lengthPenalty = lengthPenalty }
        if let earlyStopping { result.ending = earlyStopping.ending }
        if let returnCount { result.returnCount = returnCount }
        if let noRepeatNgram { result.repeatedSequenceLength = noRepeatNgram }
        if let repetitionPenalty { result.repetitionPenalty = repetitionPenalty }
        if let presencePenalty { result.presencePenalty = presencePenalty }
        sampled(&result)
        return result
    }

    /// Whoever says how to draw wants to draw.
    private func sampled(_ result: inout GenerationConfiguration) {
        let saysHow = temperature != nil || topK != nil || topP != nil || minP != nil || typicalP != nil
        result.isSampling = sample ?? (saysHow || result.isSampling)
        if let temperature { result.temperature = temperature }
        if let topK { result.topK = topK == 0 ? nil : topK }
        if let topP { result.topP = topP }
        if let minP { result.minP = minP }
        if let typicalP { result.typicalP = typicalP }
    }

    private func endTokens() throws -> Set<Int>? {
        guard let eos else { return nil }
        guard eos != "none" else { return [] }
        return Set(try TokenList(eos, option: "--eos").tokens)
    }
}

/// Tokens with commas between them.
struct TokenList {
    let tokens: [Int]

    /// - Throws: `ValidationError` naming the option and what stands there instead.
    init(_ text: String, option: String) throws {
        tokens = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let token = Int(part.trimmingSpaces()), token >= 0 else {
                throw ValidationError(
                    "\(option): expected tokens with commas between them, such as 1,15,8, found \(text)")
            }
            return token
        }
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        let rest = drop { $0 == " " }
        return rest.prefix(rest.count - rest.reversed().prefix { $0 == " " }.count)
    }
}
