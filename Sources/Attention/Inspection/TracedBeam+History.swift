import AttentionDecoding
import AttentionInspection
import AttentionText

extension TracedBeam {
    /// What a search has written down until it found a hypothesis, its tokens spelt; nil where it never had a choice.
    ///
    /// - Parameters:
    ///   - hypothesis: what became the answer.
    ///   - count: how many of its tokens stand among the pieces; all, and the one that ended it, unless given.
    ///   - first: how many pieces stand before the first that was searched for.
    ///   - tokenizer: how tokens are spelt, and what they add to a text.
    init?(
        _ history: BeamHistory, of hypothesis: AttentionDecoding.Hypothesis, as count: Int? = nil, behind first: Int,
        by tokenizer: Tokenizer
    ) throws(TraceError) {
        // Where one alone goes on, one that ends beside it is no choice.
        let hadChoice = history.steps.contains { step in step.count(where: { $0.score == nil }) > 1 }
        guard hadChoice, let answer = history.path(to: hypothesis) else { return nil }
        try self.init(
            first: first,
            steps: history.steps.map { step in
                step.map {
                    TracedBeam.Hypothesis(
                        parent: $0.parent, piece: tokenizer.piece(of: $0.token) ?? "",
                        text: tokenizer.addedText(of: $0.token), logProbability: $0.logProbability, score: $0.score)
                }
            }, answer: Array(answer.prefix(count ?? answer.count)))
    }
}
