import AttentionDecoding
import AttentionFiles
public import AttentionMechanisms
public import AttentionModels
import AttentionTensors
import AttentionText

/// Writes text behind a prompt (Radford et al. 2019), or makes another of it where the model is an encoder and a decoder.
///
/// ```swift
/// let generator = try TextGenerator(path: "SmolLM-135M")
/// for try await piece in generator.pieces(behind: "Once upon a time") { print(piece, terminator: "") }
/// ```
///
/// A value that may be shared by any number of tasks; copies share the weights.
public struct TextGenerator: HeadedModel {
    /// What writes.
    public private(set) var model: any GenerativeModel
    /// From text to tokens and back; nil if the folder has none, and tokens are all there is.
    public let tokenizer: Tokenizer?
    /// How far, by which search, and what is allowed: at first as the folder says.
    public var configuration: GenerationConfiguration
    /// Where randomness comes from.
    public var key = RandomKey(seed: 0)
    /// Words behind which nothing is to follow; they are not part of the text.
    public var stopWords: [String] = []
    /// What the text must be; nil for anything.
    public var constraint: ConstrainedText?
    let path: String

    /// The heads that can be left out.
    public var heads: HeadCounts { model.heads }

    /// What was written.
    public struct Written: Sendable, Hashable {
        /// The text, up to a stop word; nil without a tokenizer.
        public let text: String?
        /// The tokens, the one that ended it included.
        public let tokens: [Int]
        /// ln P of them; with beams divided by length^α.
        public let score: Double
    }

    /// Opens a folder.
    /// - Parameter cache: how a model that continues its prompt keeps the keys and values of what it has read.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    public init(path: String, cache: PageFormat = .float32) throws {
        let folder = try PretrainedFolder(path: path)
        guard let model = try folder.model().generator else {
            throw PretrainedError.wrongTask(needed: "a decoder that writes", found: folder.architecture, folder: path)
        }
        self.model = cache == .float32 ? model : try Self.compact(model, cache, path)
        self.path = path
        configuration = try folder.generation()
        tokenizer = try Self.hasTokenizer(path) ? Tokenizer(folder: path) : nil
    }

    private static func compact(
        _ model: any GenerativeModel, _ format: PageFormat, _ path: String
    ) throws(PretrainedError) -> any GenerativeModel {
        func opened<Model: LanguageModel>(_ model: Model) -> any GenerativeModel { CompactMemory(model, format) }
        guard let language = model.languageModel else {
            throw .wrongTask(
                needed: "a model that continues its prompt", found: "one that reads and writes apart", folder: path)
        }
        return opened(language)
    }

    private static func hasTokenizer(_ path: String) throws -> Bool {
        guard !GGUFFile.isOne(at: path) else { return Tokenizer.isIn(try GGUFFile(path: path)) }
        return [
            "tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "tokenizer.model", "sentencepiece.bpe.model",
        ]
        .contains { Directory.hasFile(path + "/" + $0) }
    }

    /// The same generator, which reads ahead of what it is told and writes the same in fewer passes: it reads a beginning that prompts share
    /// now, once for all of them, and what a drafter guesses it reads together with what it was told. See `AnticipatingModel`.
    /// - Throws: `PretrainedError` if the model is not one that continues its prompt, or there is no room behind the beginning.
    public func anticipating(
        beginning: String = "", drafter: some Drafter = NoDrafter()
    ) throws -> TextGenerator {
        guard let language = model.languageModel else {
            throw PretrainedError.wrongTask(
                needed: "a model that continues its prompt", found: "one that reads and writes apart", folder: path)
        }
        func opened<Model: LanguageModel>(_ model: Model) throws -> any GenerativeModel {
            try AnticipatingModel(model, beginning: beginning.isEmpty ? [] : tokens(of: beginning), drafter: drafter)
        }
        var result = self
        result.model = try opened(language)
        return result
    }

    /// The same with the guesses of another model, see `ModelDrafter`: a smaller one of the same vocabulary.
    /// - Throws: `PretrainedError` if one of the models does not continue its prompt, or there is no room behind the beginning.
    public func anticipating(beginning: String = "", guessesOf draft: TextGenerator) throws -> TextGenerator {
        guard let language = draft.model.languageModel else {
            throw PretrainedError.wrongTask(
                needed: "a model that continues its prompt", found: "one that reads and writes apart",
                folder: draft.path)
        }
        func opened<Model: LanguageModel>(_ model: Model) throws -> TextGenerator {
            try anticipating(beginning: beginning, drafter: ModelDrafter(model))
        }
        return try opened(language)
    }

    /// The same generator for many tasks at once: what copies of it write beside one another is read together, see `GatheringModel` and, where a model
    /// reads and writes apart, `GatheringTranslator`; of prompts that begin as recent ones a model that continues them reads only the rest, see
    /// `RecallingModel`.
    /// - Parameter promptBytes: how much of recent prompts is kept at most.
    public func shared(promptBytes: Int = 256 << 20) -> TextGenerator {
        func opened<Model: LanguageModel>(_ model: Model) -> any GenerativeModel {
            RecallingModel(GatheringModel(model), byteLimit: promptBytes)
        }
        var result = self
        result.model = model.languageModel.map { opened($0) } ?? model.gathering
        return result
    }

    /// What the configuration asks for behind a text, best first.
    /// - Throws: `PretrainedError` if the folder has no tokenizer or the text is too long; `SearchError` if a setting makes no sense, or the
    ///   task is cancelled.
    public func generate(_ prompt: String) throws -> [Written] { try generate(tokens: try tokens(of: prompt)) }

    /// The same behind tokens.
    /// - Parameter begin: what the decoder begins with where the tokens are the encoder's; nil: what the configuration says.
    /// - Throws: as for a text; `PretrainedError.noDecoderOfItsOwn` if the model continues the tokens themselves.
    public func generate(tokens: [Int], decoder begin: [Int]? = nil) throws -> [Written] {
        try run(model, generation, .tokens(tokens), begin)
    }

    /// The hypotheses that are found behind tokens, best first, and what the beam held.
    /// - Throws: as for a text.
    func search(behind tokens: [Int]) throws -> RecordedSearch {
        func found<Model: GenerativeModel>(_ model: Model) throws -> RecordedSearch {
            try model.generateRecorded(try model.start([tokens]), generation)[0]
        }
        return try found(model)
    }

    /// The same behind a row of named inputs, such as `forward` reads.
    /// - Throws: as for a text; `SafetensorsError` if the inputs do not fit.
    public func generate(_ inputs: SafetensorsFile, row: Int, decoder begin: [Int]? = nil) throws -> [Written] {
        try run(model, generation, .inputs(inputs, row: row), begin)
    }

    /// The text that follows a prompt, piece by piece as it is written; with beams, or where several texts are wanted, at once.
    ///
    /// Who stops reading, or is cancelled, stops the writing.
    public func pieces(behind prompt: String) -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    var sent = ""
                    let tokens = try self.tokens(of: prompt)
                    let written = try write(behind: tokens) {
                        sent += $0
                        continuation.yield($0)
                    }
                    if sent.isEmpty, let text = written.first?.text, !text.isEmpty { continuation.yield(text) }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// As `generate`, handing on pieces of text as soon as they are certain.
    /// - Throws: as for a text.
    public func write(behind tokens: [Int], _ receive: @escaping (String) -> Void) throws -> [Written] {
        try write(behind: tokens, alternativeCount: 0) { receive($0.text) }
    }

    /// The same with the tokens of each piece, and the likeliest at the place of each.
    /// - Throws: as for a text.
    public func write(
        behind tokens: [Int], alternativeCount: Int, _ receive: @escaping (WrittenPiece) -> Void
    ) throws -> [Written] {
        guard let tokenizer else { return try generate(tokens: tokens) }
        var pieces = WrittenPieces(TextPieces(tokenizer, stopWords: stopWords))
        var generation = generation
        generation.alternativeCount = alternativeCount
        let written = try run(model, generation, .tokens(tokens), nil) { _, token in
            if let piece = pieces.add(token) { receive(piece) }
        }
        if let rest = pieces.rest() { receive(rest) }
        return written
    }

    /// The tokens of a text, special ones included.
    /// - Throws: `PretrainedError` if the folder has no tokenizer.
    public func tokens(of text: String) throws -> [Int] { try encoding(of: text).ids }

    /// The pieces of a text, special ones included.
    /// - Throws: `PretrainedError` if the folder has no tokenizer.
    func encoding(of text: String) throws(PretrainedError) -> Encoding {
        guard let tokenizer else { throw PretrainedError.noTokenizer(folder: path) }
        return tokenizer.encode(text)
    }

    /// What text follows.
    private enum Beginning {
        case tokens([Int])
        case inputs(SafetensorsFile, row: Int)
    }

    private func run<Model: GenerativeModel>(
        _ model: Model, _ generation: Generation, _ beginning: Beginning, _ begin: [Int]?,
        receive: ((Int, WrittenToken) -> Void)? = nil
    ) throws -> [Written] {
        var start =
            switch beginning {
            case .tokens(let tokens): try model.start([tokens])
            case .inputs(let inputs, let row): try model.start(inputs, row: row)
            }
        if let begin, model.languageModel != nil {
            throw PretrainedError.noDecoderOfItsOwn(tokens: begin.count, folder: path)
        }
        if let begin { start.prompts = [[Int]](repeating: begin, count: start.state.rowCount) }
        return try model.generate(start, generation, receive: receive)[0].map(written)
    }

    /// All that decides what is written.
    private var generation: Generation {
        var stops: [any StoppingRule] = []
        if let tokenizer, !stopWords.isEmpty { stops.append(StopWords(stopWords, tokenizer: tokenizer)) }
        if let constraint { stops.append(constraint) }
        return Generation(configuration, key: key, stops: stops, processors: constraint.map { [$0] } ?? [])
    }

    /// Holds the text to a pattern or a schema, with the tokens that end texts now.
    /// - Throws: `TextLanguageError` if the tokens can spell none; `PretrainedError` if the folder has no tokenizer.
    public mutating func constrain(to language: TextLanguage) throws {
        guard let tokenizer else { throw PretrainedError.noTokenizer(folder: path) }
        constraint = try ConstrainedText(language, tokenizer: tokenizer, endTokens: configuration.endTokens)
    }

    /// Writes one text, and reads no more than what is new behind what is remembered.
    func write(
        behind tokens: [Int], remembering memory: inout any RememberedText, _ receive: @escaping (String) -> Void
    ) throws -> (written: Written, text: String) {
        guard let tokenizer else { throw PretrainedError.noTokenizer(folder: path) }
        var generation = generation
        generation.configuration.returnCount = 1
        var (pieces, isStreamed) = (TextPieces(tokenizer, stopWords: stopWords), false)
        let found = try memory.generate(behind: tokens, generation) { token in
            isStreamed = true
            let piece = pieces.add(token.choice.token)
            if !piece.isEmpty { receive(piece) }
        }
        guard let best = found.first.map(written) else {
            return (Written(text: "", tokens: [], score: 0), "")
        }
        let text = best.text ?? ""
        let rest = isStreamed ? pieces.rest() : text
        if !rest.isEmpty { receive(rest) }
        return (best, text)
    }

    /// A hypothesis as it is handed on.
    func written(_ hypothesis: Hypothesis) -> Written {
        Written(
            text: tokenizer?.decode(hypothesis.tokens).cut(before: stopWords), tokens: hypothesis.written,
            score: configuration.beamSize > 1 ? hypothesis.score : hypothesis.logProbability)
    }
}
