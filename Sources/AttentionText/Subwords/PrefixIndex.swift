/// Pieces in the order of their bytes, to find all that begin a text.
struct PrefixIndex: Sendable {
    private let pieces: [[UInt8]]
    /// Ids in the order of the pieces.
    private let order: [Int]

    init(_ pieces: [[UInt8]]) {
        self.pieces = pieces
        order = pieces.indices.sorted { first, second in
            pieces[first] == pieces[second] ? first < second : pieces[first].lexicographicallyPrecedes(pieces[second])
        }
    }

    /// Calls `body` with each piece, not empty, that begins `text`, and its length, the shortest first; among equal
    /// pieces only with the last id.
    ///
    /// Complexity: O(longest piece × log of the number of pieces).
    func forEachPrefix(of text: ArraySlice<UInt8>, _ body: (_ id: Int, _ length: Int) -> Void) {
        var range = order.startIndex..<order.endIndex
        for (depth, byte) in text.enumerated() {
            range = narrowed(range, depth: depth, byte: byte)
            guard !range.isEmpty else { return }
            var last = range.lowerBound
            guard pieces[order[last]].count == depth + 1 else { continue }
            while last + 1 < range.upperBound, pieces[order[last + 1]].count == depth + 1 { last += 1 }
            body(order[last], depth + 1)
        }
    }

    /// The part of `range`, whose pieces agree on `depth` bytes, where the next byte is `byte`.
    private func narrowed(_ range: Range<Int>, depth: Int, byte: UInt8) -> Range<Int> {
        let start = partition(range) { $0.count > depth && $0[depth] >= byte }
        return start..<partition(start..<range.upperBound) { $0.count > depth && $0[depth] > byte }
    }

    /// The first position in `range` whose piece satisfies `isAfter`, which once true stays true.
    private func partition(_ range: Range<Int>, _ isAfter: ([UInt8]) -> Bool) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if isAfter(pieces[order[middle]]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
