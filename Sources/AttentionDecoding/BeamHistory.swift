/// The hypotheses that a beam search has held for one source, step by step.
///
/// - Complexity: a few numbers for each hypothesis of each step: at most as many as the beam is wide, and those that ended there.
public struct BeamHistory: Sendable, Hashable {
    /// A hypothesis of a step: one of the step before with one token more.
    public struct Entry: Sendable, Hashable {
        /// Its place in the step before of the hypothesis that it goes on; 0 at the first step, where all go on the beginning.
        public let parent: Int
        /// The token that it has more.
        public let token: Int
        /// ln P of the whole hypothesis.
        public let logProbability: Double
        /// What it is ranked by among those that ended; nil if it has not ended.
        public let score: Double?
    }

    /// Those that the search has kept at each step, in the order in which it ranked them.
    public private(set) var steps: [[Entry]] = []

    /// One in which nothing is written down yet.
    public init() {}

    /// Begins the next step.
    mutating func beginStep() { steps.append([]) }

    /// Writes a hypothesis of this step down.
    /// - Parameter parent: the place of the one that it goes on among those of the step before that had not ended.
    mutating func note(after parent: Int, token: Int, logProbability: Double, score: Double?) {
        let before = steps.dropLast().last
        let places = before.map { entries in entries.indices.filter { entries[$0].score == nil } } ?? [0]
        steps[steps.count - 1].append(
            Entry(parent: places[parent], token: token, logProbability: logProbability, score: score))
    }

    /// Where the hypotheses stood that this one of a step has come of, step by step, itself last.
    ///
    /// - Precondition: there is such a step, and such a place in it.
    public func path(toStep step: Int, at place: Int) -> [Int] {
        var path = [place]
        for step in stride(from: step, to: 0, by: -1) { path.append(steps[step][path[path.count - 1]].parent) }
        return path.reversed()
    }

    /// Where a hypothesis that the search has found stood at each step, until it ended or was cut off; nil if it stood nowhere.
    public func path(to hypothesis: Hypothesis) -> [Int]? {
        let tokens = hypothesis.tokens + (hypothesis.endToken.map { [$0] } ?? [])
        guard !tokens.isEmpty, tokens.count <= steps.count else { return nil }
        let last = steps[tokens.count - 1]
        for place in last.indices where (last[place].score != nil) == hypothesis.isFinished {
            let path = path(toStep: tokens.count - 1, at: place)
            if zip(steps, path).map({ $0[$1].token }) == tokens { return path }
        }
        return nil
    }

    /// The same with other names for its tokens.
    package func renaming(_ name: (Int) -> Int) -> BeamHistory {
        var renamed = self
        renamed.steps = steps.map { entries in
            entries.map {
                Entry(
                    parent: $0.parent, token: name($0.token), logProbability: $0.logProbability, score: $0.score)
            }
        }
        return renamed
    }
}

/// What a search has found for a source, and how it came about.
public struct RecordedSearch: Sendable {
    /// The hypotheses, best first.
    public let hypotheses: [Hypothesis]
    /// What the beam held at each step.
    public let history: BeamHistory
}
