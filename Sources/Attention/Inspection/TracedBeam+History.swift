import AttentionDecoding
import AttentionInspection

extension TracedBeam {
    /// What a search has written down, its tokens spelt; nil where it never had a choice.
    ///
    /// - Parameters:
    ///   - answer: where the hypothesis that became the answer stood at each step.
    ///   - first: how many pieces stand before the first that was searched for.
    ///   - spelling: how the vocabulary spells a token.
    init?(
        _ history: BeamHistory, answer: [Int], behind first: Int, spelling: (Int) -> String
    ) throws(TraceError) {
        guard history.steps.contains(where: { $0.count > 1 }) else { return nil }
        try self.init(
            first: first,
            steps: history.steps.map { step in
                step.map {
                    TracedBeam.Hypothesis(
                        parent: $0.parent, piece: spelling($0.token), logProbability: $0.logProbability,
                        score: $0.score)
                }
            }, answer: answer)
    }
}
