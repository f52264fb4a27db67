import AttentionFiles

/// Looking up what a table names.
extension Vocabulary {
    /// The ids of what the pairs of a table make, the second part of each without so many bytes at its front; −1 for those that make no piece.
    func idsOfPairs(in table: JSONTable, withoutPrefix prefixLength: Int) -> [Int32] {
        var last: Int32 = -1
        return table.bytes.withUnsafeBufferPointer { bytes in
            (0..<table.count).map { rank in
                let (left, right) = (table.range(of: 2 * rank), table.range(of: 2 * rank + 1))
                if prefixLength == 0 {
                    // The two lie one behind the other.
                    last = id(of: bytes, left.lowerBound..<right.upperBound, after: last)
                } else {
                    let joined = Array(bytes[left]) + bytes[right].dropFirst(prefixLength)
                    last = joined.withUnsafeBufferPointer { id(of: $0, 0..<$0.count, after: last) }
                }
                return last
            }
        }
    }

    /// What a merge makes mostly follows in the vocabulary what the merge before it made.
    @inline(__always)
    private func id(of bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, after last: Int32) -> Int32 {
        if isPiece(last &+ 1, bytes, range) { return last &+ 1 }
        return id(of: bytes, range).map(Int32.init(truncatingIfNeeded:)) ?? -1
    }
}
