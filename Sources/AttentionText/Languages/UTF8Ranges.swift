/// Ranges of scalars as ranges of the bytes that spell them.
///
/// Source: R. Cox, *Regular Expression Matching in the Wild* (2010), after K. Thompson's grep.
enum UTF8Ranges {
    /// Where the number of bytes changes, and where no scalars are.
    private static let parts: [ClosedRange<UInt32>] = [
        0...0x7F, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
    ]

    /// Rows of byte ranges; a scalar is in the range if its bytes are, one after another, in those of one row.
    static func sequences(_ range: ClosedRange<UInt32>) -> [[ClosedRange<UInt8>]] {
        parts.filter { $0.overlaps(range) }.flatMap { part in
            let clamped = range.clamped(to: part)
            return sequences(bytes(clamped.lowerBound)[...], bytes(clamped.upperBound)[...])
        }
    }

    private static func bytes(_ value: UInt32) -> [UInt8] { Unicode.Scalar(value).map { Array(String($0).utf8) } ?? [] }

    /// Of two spellings of the same length.
    private static func sequences(_ low: ArraySlice<UInt8>, _ high: ArraySlice<UInt8>) -> [[ClosedRange<UInt8>]] {
        guard let first = low.first, let last = high.first, low.count > 1 else {
            return low.first.flatMap { low in high.first.map { [[low...$0]] } } ?? []
        }
        let (lowRest, highRest) = (low.dropFirst(), high.dropFirst())
        func behind(_ byte: UInt8, _ low: ArraySlice<UInt8>, _ high: ArraySlice<UInt8>) -> [[ClosedRange<UInt8>]] {
            sequences(low, high).map { [byte...byte] + $0 }
        }
        if first == last { return behind(first, lowRest, highRest) }
        let (least, most) = (lowRest.map { _ in UInt8(0x80) }, lowRest.map { _ in UInt8(0xBF) })
        var (from, to): (UInt8, UInt8) = (first, last)
        var result: [[ClosedRange<UInt8>]] = []
        if !lowRest.elementsEqual(least) {
            result += behind(first, lowRest, most[...])
            from += 1
        }
        if !highRest.elementsEqual(most) {
            result += behind(last, least[...], highRest)
            to -= 1
        }
        if from <= to { result.append([from...to] + least.map { _ in 0x80...0xBF }) }
        return result
    }
}
