/// Goes through a text once and asks at every place where something can begin whether something does.
struct InvariantScanner {
    let text: [Unicode.Scalar]
    /// The end of the word being read: the next white space, quotation mark or angle bracket.
    private var wordEnd = 0

    init(text: [Unicode.Scalar]) { self.text = text }

    mutating func scan() -> [Invariant] {
        var result: [Invariant] = []
        var index = 0
        while index < text.count {
            if index >= wordEnd { wordEnd = endOfWord(from: index) }
            if let (kind, end) = find(at: index), end > index {
                result.append(Invariant(kind: kind, range: index..<end, text: Array(text[index..<end]).string))
                index = end
            } else {
                index += 1
            }
        }
        return result
    }

    private func find(at index: Int) -> (Invariant.Kind, Int)? {
        let isFree = index == 0 || !text[index - 1].isWordPart
        switch text[index] {
        case "`": return endOfCode(at: index).map { (.code, $0) }
        case "<": return endOfTag(at: index).map { (.tag, $0) }
        case "{", "[": return endOfBraces(at: index).map { (.placeholder, $0) }
        case "$": return endOfVariable(at: index).map { (.placeholder, $0) }
        case "%": return isFree ? endOfFormat(at: index).map { (.placeholder, $0) } : nil
        case "@": return isFree ? endOfName(after: index).map { (.handle, $0) } : nil
        case "#": return isFree ? endOfName(after: index).map { (.hashtag, $0) } : nil
        case _ where text[index].isEmojiCharacter: return (.emoji, endOfEmoji(at: index))
        default: return isFree ? word(at: index) : nil
        }
    }

    /// What a word of letters, digits and marks is, if it is anything.
    private func word(at index: Int) -> (Invariant.Kind, Int)? {
        let word = text[index..<wordEnd]
        if let end = endOfURL(word) { return (.url, end) }
        if let end = endOfEmail(word) { return (.email, end) }
        if let end = endOfDomain(word) { return (.url, end) }
        if let end = endOfPath(word) ?? endOfIdentifier(word) { return (.identifier, end) }
        return nil
    }

    private func endOfWord(from index: Int) -> Int {
        var end = index
        while end < text.count, !text[end].endsWord { end += 1 }
        return max(end, index + 1)
    }

    /// The end of a name behind @ or #: letters, digits and underscores, and marks between them.
    private func endOfName(after start: Int) -> Int? {
        var index = start + 1
        if index < text.count, text[index] == "{" { return endOfBraces(at: index) }
        while index < text.count,
            text[index].isWordPart
                || ".-".unicodeScalars.contains(text[index]) && index > start + 1 && index + 1 < text.count
                    && text[index + 1].isWordPart
        {
            index += 1
        }
        return index > start + 1 ? index : nil
    }

    private func endOfEmoji(at index: Int) -> Int {
        var end = index + 1
        while end < text.count, text[end].isEmojiCharacter || text[end].isPartOfEmoji && !text[end].isASCII { end += 1 }
        return end
    }
}

extension Unicode.Scalar {
    /// A letter, a digit or an underscore.
    var isWordPart: Bool { isASCII ? isASCIIWordPart : properties.isAlphabetic || properties.numericType != nil }

    var isASCIIWordPart: Bool { isASCIIDigit || isASCIILetter || self == "_" }
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
    var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
    var isASCIICapital: Bool { ("A"..."Z").contains(self) }

    fileprivate var endsWord: Bool {
        isWhiteSpace || isEmojiCharacter
            || ["\"", "<", ">", "`", "\u{201C}", "\u{201D}", "\u{00AB}", "\u{00BB}"].contains(self)
    }
}
