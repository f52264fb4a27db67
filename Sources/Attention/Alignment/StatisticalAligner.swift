import AttentionEvaluation
public import AttentionInspection

/// Links words by how often they stand in sentences that translate each other: `LexicalAligner` in both directions, trained on the pairs that it
/// aligns and on more if there are any.
public struct StatisticalAligner: WordAligner {
    /// How both directions become one.
    public let symmetrization: Symmetrization
    private let training: [WordPair]

    /// An aligner that also learns from these pairs.
    public init(training: [WordPair] = [], symmetrization: Symmetrization = .growDiagonalFinalAnd) {
        (self.training, self.symmetrization) = (training, symmetrization)
    }

    public func align(_ pairs: [WordPair]) -> [WordAlignment] {
        var (sources, targets) = (WordVocabulary(), WordVocabulary())
        let ids = (pairs + training).map { (source: sources.ids(of: $0.source), target: targets.ids(of: $0.target)) }
        let forward = LexicalAligner(pairs: ids, prior: .estimatedDiagonal())
        let backward = LexicalAligner(pairs: ids.map { ($0.target, $0.source) }, prior: .estimatedDiagonal())
        return ids.prefix(pairs.count).map { pair in
            let there = HardAlignment(
                forward.links(source: pair.source, target: pair.target).enumerated().compactMap { target, source in
                    source.map { Link(source: $0, target: target) }
                })
            let back = HardAlignment(
                backward.links(source: pair.target, target: pair.source).enumerated().compactMap { source, target in
                    target.map { Link(source: source, target: $0) }
                })
            return WordAlignment(links: there.symmetrized(with: back, symmetrization))
        }
    }
}
