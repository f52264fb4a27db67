extension Unicode.Scalar {
    /// May end a sentence.
    var isTerminator: Bool {
        switch self {
        case ".", "!", "?", "\u{2026}", "\u{203C}", "\u{2047}", "\u{2048}", "\u{2049}", "\u{203D}", "\u{061F}",
            "\u{06D4}":
            true
        default: isIdeographicTerminator
        }
    }

    /// The full stops of Chinese and Japanese, after which no space is needed.
    var isIdeographicTerminator: Bool {
        switch self {
        case "\u{3002}", "\u{FF01}", "\u{FF1F}", "\u{FF0E}": true
        default: false
        }
    }

    /// Closes a quotation or a bracket when it follows a mark at once.
    var isCloser: Bool {
        switch self {
        case "\"", "'", "\u{201D}", "\u{201C}", "\u{2019}", "\u{00BB}", "\u{203A}", ")", "]", "}", "*", "_", "\u{300D}",
            "\u{300F}":
            true
        default: false
        }
    }

    /// Opens a quotation, a bracket or a line of speech.
    var isOpener: Bool {
        switch self {
        case "\"", "'", "\u{201C}", "\u{201E}", "\u{2018}", "\u{201A}", "\u{00AB}", "\u{2039}", "(", "[", "{",
            "\u{00BF}", "\u{00A1}",
            "*", "_", "\u{2013}", "\u{2014}", "-", "\u{300C}", "\u{300E}":
            true
        default: false
        }
    }

    var isApostrophe: Bool { self == "'" || self == "\u{2019}" }

    /// An emoji by itself, and not a digit that could become one.
    var isEmojiCharacter: Bool {
        !isASCII
            && (properties.isEmojiPresentation || properties.isEmojiModifier || properties.isEmoji && value >= 0x203C)
    }
}

extension ArraySlice<Unicode.Scalar> {
    func skippingSpace(from index: Int) -> Int {
        var index = index
        while index < endIndex, self[index].isWhiteSpace { index += 1 }
        return index
    }

    func skippingSpaceBackwards(from index: Int) -> Int {
        var index = index
        while index > startIndex, self[index - 1].isWhiteSpace { index -= 1 }
        return index
    }

    /// The end of the text from `start` on without white space behind it.
    func endOfInk(after start: Int) -> Int { Swift.max(start, skippingSpaceBackwards(from: endIndex)) }

    /// The end of the emoji that follow `index` with white space before and behind them; `index` if there are none.
    func skippingEmoji(after index: Int) -> Int {
        var end = index
        while true {
            let first = skippingSpace(from: end)
            var next = first
            while next < endIndex, self[next].isEmojiCharacter || next > first && self[next].isPartOfEmoji { next += 1 }
            guard next > first, next == endIndex || self[next].isWhiteSpace else { return end }
            end = next
        }
    }

    /// The end of a mark such as [12] at `index`.
    func endOfFootnoteMark(at index: Int) -> Int? {
        guard self[index] == "[" else { return nil }
        var end = index + 1
        while end < endIndex, end - index < 5, self[end].properties.numericType == .decimal { end += 1 }
        return end > index + 1 && end < endIndex && self[end] == "]" ? end + 1 : nil
    }
}

/// The pairs of round brackets of a text, inside of which no sentence ends.
struct Parentheses {
    /// Long ones hold sentences of their own.
    private static let longest = 300

    private let start: Int
    private let isInside: [Bool]

    /// - Complexity: linear; of nested pairs those that are not too long count.
    init(_ text: ArraySlice<Unicode.Scalar>) {
        var inside = [Bool](repeating: false, count: text.count)
        var open: [Int] = []
        var marked = 0
        for (position, scalar) in text.enumerated() {
            if scalar == "(" {
                open.append(position)
            } else if scalar == ")", let first = open.popLast(), position - first <= Self.longest {
                // What an inner pair has marked need not be marked again.
                for index in (first + 1..<position).reversed() where index >= marked || !inside[index] {
                    inside[index] = true
                }
                marked = Swift.max(marked, position)
            }
        }
        (start, isInside) = (text.startIndex, inside)
    }

    /// Whether the character at `index` of the text stands inside a pair.
    func encloses(_ index: Int) -> Bool { isInside[index - start] }
}
