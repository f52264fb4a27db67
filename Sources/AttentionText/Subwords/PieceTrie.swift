/// Pieces by their beginnings: all that begin a text are found in one walk.
///
/// Each edge, a node and the byte after it, is an entry of one hash table with open addressing.
struct PieceTrie: Sendable {
    private static let free: UInt32 = .max

    /// The id of the piece that ends at each node, −1 if none does; node 0 is the root.
    private var ids: [Int32] = [-1]
    /// `node << 8 | byte` in each taken slot; the count is a power of two.
    private var edges: [UInt32]
    private var targets: [Int32]
    private var shift: UInt32

    init(capacity: Int = 16) {
        shift = UInt32(max(4, Int.bitWidth - (2 * capacity).leadingZeroBitCount))
        edges = Array(repeating: Self.free, count: 1 << Int(shift))
        targets = Array(repeating: 0, count: 1 << Int(shift))
    }

    /// Adds `piece`; a later id takes the place of an earlier one.
    mutating func insert(_ piece: ArraySlice<UInt8>, id: Int) {
        var node = 0
        for byte in piece {
            let edge = UInt32(truncatingIfNeeded: node) << 8 | UInt32(byte)
            var slot = slot(of: edge)
            if edges[slot] == Self.free {
                if 2 * ids.count > edges.count {
                    grow()
                    slot = self.slot(of: edge)
                }
                edges[slot] = edge
                targets[slot] = Int32(ids.count)
                ids.append(-1)
            }
            node = Int(targets[slot])
        }
        ids[node] = Int32(truncatingIfNeeded: id)
    }

    /// Calls `body` with each piece, not empty, that `bytes` have at `start`, and its length, the shortest first.
    ///
    /// Complexity: O(longest piece).
    @inline(__always)
    func forEachPrefix(of bytes: [UInt8], from start: Int, _ body: (_ id: Int, _ length: Int) -> Void) {
        var node = 0
        var position = start
        while position < bytes.count {
            let slot = slot(of: UInt32(truncatingIfNeeded: node) << 8 | UInt32(bytes[position]))
            if edges[slot] == Self.free { return }
            node = Int(targets[slot])
            position += 1
            if ids[node] >= 0 { body(Int(ids[node]), position - start) }
        }
    }

    /// The slot that holds `edge`, or the free one where it belongs.
    @inline(__always)
    private func slot(of edge: UInt32) -> Int {
        let mask = edges.count - 1
        var slot = Int((edge &* 0x9E37_79B1) >> (32 - shift))
        while edges[slot] != edge, edges[slot] != Self.free { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let (oldEdges, oldTargets) = (edges, targets)
        shift += 1
        edges = Array(repeating: Self.free, count: 2 * oldEdges.count)
        targets = Array(repeating: 0, count: 2 * oldEdges.count)
        for (edge, target) in zip(oldEdges, oldTargets) where edge != Self.free {
            let slot = slot(of: edge)
            (edges[slot], targets[slot]) = (edge, target)
        }
    }
}
