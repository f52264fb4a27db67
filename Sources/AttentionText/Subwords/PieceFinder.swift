import AttentionFiles

/// Pieces by their beginnings: all that begin a text are found in one walk.
///
/// For each three characters that pieces begin with, a word of bits tells how long these pieces are; only such beginnings of a text, and one and
/// two characters, are looked up in the vocabulary. That two beginnings may share a word costs a look, never a wrong answer.
struct PieceFinder: Sendable {
    let vocabulary: Vocabulary
    /// Of the pieces that begin with the characters that a cell is for: bit `n` for those of `n` bytes, the last bit for all that are longer.
    private var cells: [UInt32]
    private let shift: UInt64
    private var longest = 0

    private static let lastBit = 31

    /// The pieces of a vocabulary.
    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        // About as many cells as pieces, though several of those begin alike: then few cells are for two beginnings.
        let exponent = max(8, Int.bitWidth - vocabulary.count.leadingZeroBitCount)
        shift = UInt64(64 - exponent)
        cells = Array(repeating: 0, count: 1 << exponent)
        vocabulary.forEachPiece { bytes, range in
            let ends = Self.characterEnds(in: bytes, from: range.lowerBound, limit: range.upperBound)
            longest = max(longest, range.count)
            guard ends.third > ends.second else { return }
            cells[cell(bytes, range.lowerBound..<ends.third)] |= 1 &<< UInt32(min(range.count, Self.lastBit))
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
    /// - Precondition: a character begins there.
    /// - Complexity: O(longest piece).
    @inline(__always)
    func forEachPrefix(of bytes: [UInt8], from start: Int, _ body: (_ id: Int, _ length: Int) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            let lengths = lengths(of: bytes, from: start)
            var hash = ByteHash(bytes, from: start)
            var length = 0
            while let next = self.length(after: length, in: lengths), start + next <= bytes.count {
                length = next
                if let id = vocabulary.id(of: bytes, start..<start + length, hash.value(upTo: start + length)) {
                    body(id, length)
                }
            }
        }
    }

    /// How long the pieces may be that begin here, as in a cell.
    @inline(__always)
    private func lengths(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt32 {
        let ends = Self.characterEnds(in: bytes, from: start, limit: bytes.count)
        let short = UInt32(1) &<< UInt32(ends.first - start) | 1 &<< UInt32(ends.second - start)
        return ends.third > ends.second ? short | cells[cell(bytes, start..<ends.third)] : short
    }

    /// The next longer one.
    @inline(__always)
    private func length(after length: Int, in lengths: UInt32) -> Int? {
        guard length < Self.lastBit else { return length < longest ? length + 1 : nil }
        let longer = lengths & (.max &<< UInt32(length + 1))
        return longer == 0 ? nil : longer.trailingZeroBitCount
    }

    /// Where the first three characters end; those that are not there end with the last.
    @inline(__always)
    private static func characterEnds(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int, limit: Int
    ) -> (first: Int, second: Int, third: Int) {
        let first = characterEnd(in: bytes, from: start, limit: limit)
        let second = characterEnd(in: bytes, from: first, limit: limit)
        return (first, second, characterEnd(in: bytes, from: second, limit: limit))
    }

    @inline(__always)
    private static func characterEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, limit: Int) -> Int {
        guard start < limit else { return start }
        var end = start + 1
        while end < limit, UTF8.isContinuation(bytes[end]) { end += 1 }
        return end
    }

    @inline(__always)
    private func cell(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
        var hash = ByteHash(bytes, from: range.lowerBound)
        return Int(truncatingIfNeeded: hash.value(upTo: range.upperBound) >> shift)
    }
}
