/// The hypotheses that a beam search held while a sequence was written, step by step, and which of them became it.
///
/// At most as many at each step as the beam is wide, and those that ended there.
public struct TracedBeam: Sendable, Equatable {
    /// A hypothesis of a step: one of the step before with one piece more.
    public struct Hypothesis: Sendable, Equatable, Codable {
        /// Its place in the step before of the one that it goes on; 0 at the first step, where all go on the beginning.
        public let parent: Int
        /// The piece that it has more, as the vocabulary spells it.
        public let piece: String
        /// What the piece adds to a text, a space before it included; nil where that is not known, and of special pieces.
        public let text: String?
        /// ln P of the whole hypothesis.
        public let logProbability: Double
        /// What it is ranked by among those that ended; nil if it has not ended here.
        public let score: Double?

        /// Keeps the parts; `TracedBeam` checks that they fit.
        public init(
            parent: Int, piece: String, text: String? = nil, logProbability: Double, score: Double? = nil
        ) {
            (self.parent, self.piece, self.text) = (parent, piece, text)
            (self.logProbability, self.score) = (logProbability, score)
        }
    }

    /// How many pieces of the sequence stand before the first that was searched for.
    public let first: Int
    /// The hypotheses after each step, in the order in which the search ranked them.
    public let steps: [[Hypothesis]]
    /// For each step the place of what became the sequence, as far as it was written; empty where that is not known.
    public let answer: [Int]

    /// Checks and keeps the parts.
    ///
    /// - Throws: `TraceError` if a hypothesis goes on one that does not exist or has ended, a number is not finite, or the answer is no way
    ///   through the steps.
    public init(first: Int, steps: [[Hypothesis]], answer: [Int]) throws(TraceError) {
        (self.first, self.steps, self.answer) = (first, steps, answer)
        guard first >= 0 else { throw .outside(part: "first step of the beam", found: "\(first)", limit: "from 0 up") }
        for (step, hypotheses) in steps.enumerated() {
            for hypothesis in hypotheses { try check(hypothesis, behind: step == 0 ? nil : steps[step - 1], step) }
        }
        try checkAnswer()
    }

    private func check(_ hypothesis: Hypothesis, behind before: [Hypothesis]?, _ step: Int) throws(TraceError) {
        let (parent, sum) = (hypothesis.parent, hypothesis.logProbability)
        guard sum.isFinite, hypothesis.score?.isFinite ?? true else {
            throw .outside(part: "numbers of the beam at step \(step + 1)", found: "\(sum)", limit: "finite")
        }
        guard let before else {
            guard parent == 0 else {
                throw .outside(part: "parents of the beam at step 1", found: "\(parent)", limit: "0")
            }
            return
        }
        guard before.indices.contains(parent), before[parent].score == nil else {
            throw .outside(
                part: "parents of the beam at step \(step + 1)", found: "\(parent)",
                limit: "a place before that had not ended")
        }
    }

    private func checkAnswer() throws(TraceError) {
        guard answer.count <= steps.count else {
            throw .count(part: "places of the answer, at most one a step", expected: steps.count, found: answer.count)
        }
        for (step, place) in answer.enumerated() {
            guard steps[step].indices.contains(place), step == 0 || steps[step][place].parent == answer[step - 1] else {
                throw .outside(
                    part: "answer of the beam at step \(step + 1)", found: "\(place)",
                    limit: "a hypothesis that goes on the one before")
            }
        }
    }
}
