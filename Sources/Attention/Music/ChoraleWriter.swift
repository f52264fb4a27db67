import AttentionDecoding
public import AttentionModels
public import AttentionMusic
public import AttentionTensors

/// Writes chorales in four voices with a model of notes: of nothing, behind a beginning, or to a melody.
///
/// ```swift
/// let writer = try ChoraleWriter(path: "Examples/Chorales/model")
/// let chorale = try writer.write(ChoraleOutline(stepCount: 16 * ChoraleGrid.stepsPerBar), key: RandomKey(seed: 1))[0]
/// try chorale.chorale.score().midi.write(to: "chorale.mid")
/// ```
public struct ChoraleWriter: Sendable {
    /// The model, over the tokens of `ChoraleVocabulary`.
    public let model: CausalLanguageModel
    /// Below 1 likely notes become likelier; 0 always takes the likeliest.
    public var temperature = 1.0
    /// The share of the likeliest notes that may be drawn.
    public var topP = 0.95
    /// How many chorales are drawn for one that is wanted: the likeliest is taken.
    public var candidateCount = 1

    /// A writer with this model.
    ///
    /// - Throws: `MusicError` unless it has the tokens of `ChoraleVocabulary`.
    public init(_ model: CausalLanguageModel) throws(MusicError) {
        guard model.vocabularySize == ChoraleVocabulary.count else {
            throw .unfit(
                operation: "chorale", expected: "a model of \(ChoraleVocabulary.count) tokens",
                found: "\(model.vocabularySize)", wayOut: "take one that was trained on chorales (Examples/Chorales)")
        }
        self.model = model
    }

    /// A writer with the model of a folder.
    ///
    /// - Throws: as `MusicTransformer.read`, and as above.
    public init(path: String) throws { try self.init(try MusicTransformer.read(path)) }

    /// A chorale that was written, and how likely it is.
    public struct Written: Sendable, Hashable {
        /// What was written, what was given included.
        public let chorale: ChoraleGrid
        /// The mean of ln P over all its tokens, the end among them, as the model has them without rules and temperature.
        public let meanLogProbability: Double
    }

    /// So many chorales as there are candidates, the likeliest first.
    ///
    /// Every voice stays in its range, and what is given is kept. The same key gives the same chorales.
    /// - Throws: `MusicError` if the model is too short for the outline; `SearchError` if a setting makes no sense.
    public func write(_ outline: ChoraleOutline, key: RandomKey) throws -> [Written] {
        let count = outline.cells.count
        if let limit = model.lengthLimit, limit < count + 2 {
            throw MusicError.unfit(
                operation: "chorale",
                expected: "at most \(max(0, limit - 2) / ChoraleGrid.voiceCount) steps, which the model reads",
                found: "\(outline.stepCount)", wayOut: "take a model of relative positions, or write less")
        }
        var configuration = GenerationConfiguration()
        configuration.isSampling = true
        configuration.topK = nil
        (configuration.temperature, configuration.topP) = (temperature, topP)
        configuration.returnCount = candidateCount
        // What is given at the beginning is read at once; the rest is written, what is given among it.
        var prompt = [ChoraleVocabulary.end]
        for (place, cell) in outline.cells.enumerated() {
            guard case .given(let pitch) = cell,
                let token = ChoraleVocabulary.token(pitch, Voice.allCases[place % ChoraleGrid.voiceCount])
            else { break }
            prompt.append(token)
        }
        configuration.newTokenLimit = count + 1 - prompt.count
        let generation = Generation(configuration, key: key, processors: [ChoraleRules(outline: outline)])
        let found =
            prompt.count == count + 1
            ? [[]] : try model.generate(model.start([prompt]), generation)[0].map(\.tokens)
        let written = try found.map { tokens in
            let all = prompt + tokens
            let shares = try model.logProbabilities(of: all + [ChoraleVocabulary.end])
            return Written(
                chorale: try ChoraleVocabulary.chorale(of: all),
                meanLogProbability: shares.reduce(0) { $0 + Double($1) } / Double(shares.count))
        }
        return written.enumerated().sorted {
            ($1.element.meanLogProbability, $0.offset) < ($0.element.meanLogProbability, $1.offset)
        }.map(\.element)
    }
}
