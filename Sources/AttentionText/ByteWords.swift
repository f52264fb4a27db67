/// Bytes eight at a time.
extension UnsafeBufferPointer<UInt8> {
    /// The bytes from `index` on as a number, the first lowest: eight, or as many as there are before `end`.
    @inline(__always)
    func word(at index: Int, upTo end: Int) -> UInt64 {
        guard index + 8 <= count else { return lastWord(at: index, upTo: end) }
        let bytes = UnsafeRawBufferPointer(self)
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        // No branch that waits for memory to know how many.
        return word & (UInt64.max >> UInt64(truncatingIfNeeded: 64 - 8 * Swift.min(end - index, 8)))
    }

    private func lastWord(at index: Int, upTo end: Int) -> UInt64 {
        var word: UInt64 = 0
        for place in (index..<end).reversed() { word = word << 8 | UInt64(self[place]) }
        return word
    }

    /// Whether these bytes are those of `other` from `start` on.
    @inline(__always)
    func equals(_ range: Range<Int>, _ other: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        var offset = 0
        while offset < range.count {
            let word = word(at: range.lowerBound + offset, upTo: range.upperBound)
            if word != other.word(at: start + offset, upTo: start + range.count) { return false }
            offset += 8
        }
        return true
    }
}
