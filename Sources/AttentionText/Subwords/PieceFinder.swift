import AttentionFiles

/// Pieces by their beginnings: all that begin a text are found in one walk.
///
/// The walk hashes the text byte by byte and stops where no piece goes on, which two bits for each beginning of a piece tell; only where a
/// piece may end is the vocabulary asked. That the bits of two beginnings may coincide costs a look, never a wrong answer.
struct PieceFinder: Sendable {
    let vocabulary: Vocabulary
    /// Cells of two bits, of which a hash chooses one: whether a piece goes on there, whether one ends there.
    private var cells: [UInt64]
    private let shift: UInt64

    private static let goesOn: UInt64 = 1
    private static let ends: UInt64 = 2

    /// The pieces of a vocabulary.
    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        // Four cells for each byte of a piece, a power of two of them.
        let exponent = max(8, Int.bitWidth - (4 * vocabulary.byteCount).leadingZeroBitCount)
        shift = UInt64(64 - exponent)
        cells = Array(repeating: 0, count: 1 << (exponent - 5))
        cells.withUnsafeMutableBufferPointer { cells in
            vocabulary.forEachPiece { piece in
                var hash = ByteHash()
                for index in 0..<piece.count {
                    hash.add(piece[index])
                    let cell = hash.value >> shift
                    let flag = index + 1 < piece.count ? Self.goesOn : Self.ends
                    cells[Int(cell >> 5)] |= flag << (2 * (cell & 31))
                }
            }
        }
    }

    /// The texts of a list, by their positions.
    init(_ texts: [[UInt8]]) {
        var vocabulary = Vocabulary(capacity: texts.count)
        for (id, text) in texts.enumerated() { vocabulary.insert(text[...], id: id) }
        self.init(vocabulary)
    }

    /// Calls `body` with each piece, not empty, that `bytes` have at `start`, and its length, the shortest first.
    ///
    /// Complexity: O(longest piece).
    @inline(__always)
    func forEachPrefix(of bytes: [UInt8], from start: Int, _ body: (_ id: Int, _ length: Int) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            var hash = ByteHash()
            var position = start
            while position < bytes.count {
                hash.add(bytes[position])
                position += 1
                let cell = hash.value >> shift
                let flags = cells[Int(cell >> 5)] >> (2 * (cell & 31))
                if flags & Self.ends != 0,
                    let id = vocabulary.id(of: UnsafeBufferPointer(rebasing: bytes[start..<position]), hash)
                {
                    body(id, position - start)
                }
                if flags & Self.goesOn == 0 { return }
            }
        }
    }
}
