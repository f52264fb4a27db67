/// One word of the source linked with one word of the target, both counted from 0.
public struct Link: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The word of the source, from 0.
    public let source: Int
    /// The word of the target, from 0.
    public let target: Int

    /// Links two words.
    public init(source: Int, target: Int) {
        self.source = source
        self.target = target
    }

    /// Links are in reading order of the source, then of the target.
    public static func < (left: Link, right: Link) -> Bool {
        (left.source, left.target) < (right.source, right.target)
    }

    /// Pharaoh form, e.g. `0-2`.
    public var description: String { "\(source)-\(target)" }
}

/// Which words are translations of which: a set of links, nothing in between.
public struct HardAlignment: Sendable, Hashable {
    /// The links, each once, in no order.
    public let links: Set<Link>

    /// Keeps each of the links once.
    public init(_ links: some Sequence<Link>) {
        self.links = Set(links)
    }

    /// The same links seen from the other side: source and target change places.
    public var transposed: HardAlignment {
        HardAlignment(links.map { Link(source: $0.target, target: $0.source) })
    }
}

extension AlignmentMatrix {
    /// Links every target word with the source word that received most of its attention, where that is at least
    /// `threshold` and more than nothing: `a_i = argmax_j α_ij`. Of equal weights the first wins.
    ///
    /// For the other direction, take the `transposed` matrix and transpose the result back.
    ///
    /// - Parameter threshold: the least weight that makes a link.
    /// - Returns: at most one link per target word.
    public func hardAlignment(threshold: Float = 0) -> HardAlignment {
        HardAlignment(
            weights.enumerated().compactMap { target, row in
                guard let greatest = row.max(), greatest > 0, greatest >= threshold else { return nil }
                return row.firstIndex(of: greatest).map { Link(source: $0, target: target) }
            })
    }
}
