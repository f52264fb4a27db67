import AttentionTensors

/// Which texts are read together: by a thread at a time, with little padding.
///
/// Of many texts, those of similar length are filled up to the longest of them. Of few there are none of similar length: they are packed behind one another without
/// padding, each thread as many pieces as the others (Krell et al. 2021, *Efficient Sequence Packing without Cross-contamination*).
struct TextGroups: Equatable {
    /// The places of the texts of each group.
    let places: [[Int]]
    /// Whether the texts of a group stand behind one another in one row.
    let arePacked: Bool

    /// Texts packed behind one another look, for nothing, at each other's pieces, which are then masked; with so many in a row that costs a twentieth of what
    /// the row costs.
    private static let packedTokens = 128
    /// A group of fewer pieces costs as much as one of so many: the weights are read once for each.
    private static let leastTokens = 64

    /// Groups of texts of these lengths.
    /// - Parameters:
    ///   - batchTokens: how many pieces, with padding, a group may have; a longer text has one of its own.
    ///   - mayPack: whether several texts may stand in a row.
    init(ofLengths lengths: [Int], batchTokens: Int, mayPack: Bool, threadCount: Int = Parallel.threadCount) {
        let total = lengths.reduce(0, +)
        let share = max(Self.leastTokens, total / (2 * threadCount))
        arePacked = mayPack && total <= batchTokens && Set(lengths).count > 1
        if arePacked {
            let count = max(2 * threadCount, (total / Self.packedTokens).rounded(upTo: threadCount))
            places = Self.balanced(lengths, groupCount: min(count, max(1, total / Self.leastTokens)))
        } else {
            places = Self.similar(lengths, batchTokens: min(batchTokens, share))
        }
    }

    /// The longest first, as many in a group as fit with padding.
    static func similar(_ lengths: [Int], batchTokens: Int = 1024) -> [[Int]] {
        let order = lengths.indices.sorted { lengths[$0] > lengths[$1] }
        var groups: [[Int]] = []
        var start = 0
        while start < order.count {
            let end = min(order.count, start + max(1, batchTokens / max(1, lengths[order[start]])))
            groups.append(Array(order[start..<end]))
            start = end
        }
        return groups
    }

    /// The longest first, each to the group that has least (Graham 1969: at most a third more in one than could be).
    private static func balanced(_ lengths: [Int], groupCount: Int) -> [[Int]] {
        var groups = [[Int]](repeating: [], count: groupCount)
        var sizes = [Int](repeating: 0, count: groupCount)
        for place in lengths.indices.sorted(by: { lengths[$0] > lengths[$1] }) {
            let least = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
            groups[least].append(place)
            sizes[least] += lengths[place]
        }
        return groups.filter { !$0.isEmpty }
    }
}

extension Int {
    /// The next multiple, this number if it is one.
    fileprivate func rounded(upTo factor: Int) -> Int { (self + factor - 1) / factor * factor }
}
