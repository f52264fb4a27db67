extension [Token] {
    /// Takes the spaces at the ends of tokens off their offsets: in byte-level vocabularies a piece begins with its space, which is no part
    /// of the word.
    ///
    /// - Parameter addsPrefixSpace: whether one space at the beginning of the text was put in, and stands for nothing.
    mutating func trimOffsets(addsPrefixSpace: Bool) {
        for index in indices where self[index].leadingSpaces > 0 || self[index].trailingSpaces > 0 {
            let isAfterPutIn = addsPrefixSpace && (index == 0 || self[index].start == 0)
            self[index].trimOffsets(isAfterPutIn: isAfterPutIn)
        }
    }

    /// Gives all tokens this type.
    mutating func setType(_ type: Int) {
        for index in indices { self[index].typeID = Int32(truncatingIfNeeded: type) }
    }
}

extension Token {
    fileprivate mutating func trimOffsets(isAfterPutIn: Bool) {
        if leadingSpaces > 0 { start = min(start + leadingSpaces - (isAfterPutIn ? 1 : 0), end) }
        if trailingSpaces > 0, end >= trailingSpaces { end = max(end - trailingSpaces, start) }
    }
}
