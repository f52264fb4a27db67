/// How the alignments of two directions become one, from the most cautious to the most generous.
///
/// - Source: Och and Ney (2003), section 4; Koehn et al. (2005), *Edinburgh System Description for the 2005 IWSLT
///   Speech Translation Evaluation*, for `grow-diag-final-and` and the order of its steps.
public enum Symmetrization: String, Sendable, CaseIterable {
    /// Links found in both directions.
    case intersection
    /// The intersection, grown by links of the union beside a link already there, also diagonally, as long as they
    /// reach a word that has none.
    case growDiagonal = "grow-diag"
    /// Grow, then add links of either direction between two words that both have none.
    case growDiagonalFinalAnd = "grow-diag-final-and"
    /// Grow, then add links of either direction that reach a word that has none.
    case growDiagonalFinal = "grow-diag-final"
    /// Links found in either direction.
    case union
}

extension HardAlignment {
    /// One alignment from two, both written source–target: this one, in which say each target word chose its source,
    /// and another in which each source word chose its target (and which was then transposed). Where a choice depends
    /// on the order, source words come first, then target words, then this alignment before the other.
    ///
    /// - Complexity: O(p · n log n) for the n links of the union and the p passes until nothing grows, at most n.
    public func symmetrized(with other: HardAlignment, _ symmetrization: Symmetrization) -> HardAlignment {
        let union = links.union(other.links)
        var growth = Growth(from: links.intersection(other.links), within: union)
        switch symmetrization {
        case .intersection:
            break
        case .growDiagonal:
            growth.growDiagonally()
        case .growDiagonalFinalAnd:
            growth.growDiagonally()
            for direction in [self, other] { growth.finish(with: direction) { !$0 && !$1 } }
        case .growDiagonalFinal:
            growth.growDiagonally()
            for direction in [self, other] { growth.finish(with: direction) { !$0 || !$1 } }
        case .union:
            return HardAlignment(union)
        }
        return HardAlignment(growth.links)
    }
}

/// Links being gathered, and the words they already reach.
private struct Growth {
    private(set) var links: Set<Link> = []
    private var sources: Set<Int> = []
    private var targets: Set<Int> = []
    private let union: Set<Link>

    init(from intersection: Set<Link>, within union: Set<Link>) {
        self.union = union
        for link in intersection { insert(link) }
    }

    private mutating func insert(_ link: Link) {
        links.insert(link)
        sources.insert(link.source)
        targets.insert(link.target)
    }

    /// Adds neighbours from the union that reach a new word, until none is left.
    mutating func growDiagonally() {
        let steps = [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)]
        var hasGrown = true
        while hasGrown {
            hasGrown = false
            // A pass walks over all cells of the union in order, so that it also meets links added on its way.
            for link in union.sorted() where links.contains(link) {
                for (sourceStep, targetStep) in steps {
                    let neighbour = Link(source: link.source + sourceStep, target: link.target + targetStep)
                    guard union.contains(neighbour), !links.contains(neighbour) else { continue }
                    guard !sources.contains(neighbour.source) || !targets.contains(neighbour.target) else { continue }
                    insert(neighbour)
                    hasGrown = true
                }
            }
        }
    }

    /// Adds the links of one direction that are wanted, given whether their source and their target are linked already.
    mutating func finish(with direction: HardAlignment, where isWanted: (Bool, Bool) -> Bool) {
        for link in direction.links.sorted()
        where isWanted(sources.contains(link.source), targets.contains(link.target)) {
            insert(link)
        }
    }
}
