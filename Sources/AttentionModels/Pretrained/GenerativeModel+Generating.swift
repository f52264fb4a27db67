public import AttentionDecoding
import AttentionTensors

extension GenerativeModel {
    /// What follows a beginning, as `generation` says; see `Generation`.
    ///
    /// Nothing is written beyond what the model was made for.
    /// - Parameter receive: told of each token at once, and of its row; with beams, or where several texts are wanted, never.
    /// - Throws: `PretrainedError` if there is no room behind a prompt, or nothing to begin with; `SearchError` as `Generation` does, and for a
    ///   forced token that is not in the vocabulary.
    public func generate(
        _ start: GenerationStart<State>, _ generation: Generation,
        receive: ((_ row: Int, _ token: WrittenToken) -> Void)? = nil
    ) throws -> [[Hypothesis]] {
        let (generation, prompts) = try bounded(generation, start.prompts, rowCount: start.state.rowCount)
        return try generation(self, from: start.state, prompts: prompts, receive: receive)
    }

    /// The same, with what the beam held for each row at each step; see `Generation.recorded`.
    /// - Throws: as above.
    public func generateRecorded(
        _ start: GenerationStart<State>, _ generation: Generation
    ) throws -> [RecordedSearch] {
        let (generation, prompts) = try bounded(generation, start.prompts, rowCount: start.state.rowCount)
        return try generation.recorded(self, from: start.state, prompts: prompts)
    }

    /// The generation with limits that the model keeps to, and prompts of which none is empty.
    func bounded(
        _ generation: Generation, _ given: [[Int]]?, rowCount: Int
    ) throws -> (generation: Generation, prompts: [[Int]]) {
        let begin = generation.configuration.startToken.map { [$0] }
        var prompts = given ?? [[Int]](repeating: [], count: rowCount)
        for row in prompts.indices where prompts[row].isEmpty {
            guard let begin else { throw PretrainedError.nothingToBeginWith }
            prompts[row] = begin
        }
        if let forced = generation.configuration.forcedFirstToken, !(0..<vocabularySize).contains(forced) {
            throw SearchError.setting(
                name: "forcedFirstToken", expected: "a token below the \(vocabularySize) of the vocabulary",
                found: "\(forced)")
        }
        var generation = generation
        let longest = prompts.map(\.count).max() ?? 0
        if generation.configuration.newTokenLimit == nil, generation.configuration.lengthLimit == nil {
            generation.configuration.newTokenLimit = GenerationConfiguration.standardNewTokenLimit
        }
        if let room = lengthLimit.map({ $0 - longest }) {
            guard room > 0 else { throw PretrainedError.promptTooLong(tokens: longest, limit: longest + room) }
            let limit = generation.configuration.newTokenLimit
            if let limit { generation.configuration.newTokenLimit = min(limit, room) }
            let length = generation.configuration.lengthLimit
            generation.configuration.lengthLimit = min(length ?? .max, longest + room)
        }
        return (generation, prompts)
    }
}

extension GenerationConfiguration {
    /// How many tokens are written where nobody says how many.
    public static let standardNewTokenLimit = 256
}
