extension Truncation {
    /// The texts so that together they have at most `length` tokens; what is cut off is in their overflowing windows.
    ///
    /// Where the text that shall give way is too short for that, it goes whole, and the other is left as it is.
    func apply(_ parts: [TokenSequence], length: Int) -> [TokenSequence] {
        let counts = parts.map(\.tokens.count)
        let total = counts.reduce(0, +)
        guard total > length || length == 0 else { return parts }
        if length == 0 { return parts.map { windows(of: $0, length: 0) } }
        guard parts.count > 1 else { return strategy == .onlySecond ? parts : [windows(of: parts[0], length: length)] }
        switch strategy {
        case .longestFirst:
            let lengths = Self.shares(counts[0], counts[1], of: length)
            return [windows(of: parts[0], length: lengths.0), windows(of: parts[1], length: lengths.1)]
        case .onlyFirst:
            return [windows(of: parts[0], length: max(0, length - counts[1])), parts[1]]
        case .onlySecond:
            return [parts[0], windows(of: parts[1], length: max(0, length - counts[0]))]
        }
    }

    /// How much of `length` each of two texts gets: the shorter all it needs, or each a half.
    private static func shares(_ first: Int, _ second: Int, of length: Int) -> (Int, Int) {
        var shorter = min(first, second)
        var longer = shorter > length ? shorter : max(shorter, length - shorter)
        if shorter + longer > length {
            shorter = length / 2
            longer = shorter + length % 2
        }
        return first > second ? (longer, shorter) : (shorter, longer)
    }

    /// The first window of `part` (the last, if text is cut off at the left) with the others behind it.
    private func windows(of part: TokenSequence, length: Int) -> TokenSequence {
        let count = part.tokens.count
        guard length < count else { return part }
        guard length > 0 else {
            var empty = TokenSequence([])
            empty.overflowing = [part]
            return empty
        }
        // A window that repeats all of the one before it would never come to an end.
        let step = max(1, length - stride)
        var ranges: [Range<Int>] = []
        var position = 0
        while ranges.isEmpty || position + length - step < count {
            let end = min(position + length, count)
            ranges.append(direction == .right ? position..<end : count - end..<count - position)
            if end == count { break }
            position += step
        }
        var result = TokenSequence(Array(part.tokens[ranges[0]]))
        result.overflowing = ranges.dropFirst().map { TokenSequence(Array(part.tokens[$0])) }
        return result
    }
}
