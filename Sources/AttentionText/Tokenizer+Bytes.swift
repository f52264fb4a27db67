extension Tokenizer {
    /// What each token adds to a decoded text, by its id: at its beginning (`isFirst`), or behind other tokens. nil for special tokens, and for
    /// those that change what stands before them.
    ///
    /// Tokens of byte-level vocabularies, and those that stand for a byte, may add parts of characters.
    package func addedBytes(isFirst: Bool) -> [[UInt8]?] {
        (0..<count).map { addedBytes(of: $0, isFirst: isFirst) }
    }

    /// The same of one token.
    package func addedBytes(of id: Int, isFirst: Bool) -> [UInt8]? {
        guard !isSpecial(id) else { return nil }
        if let spelling = pieces.addedSpellings[id] { return Array(spelling.utf8) }
        guard let piece = model.vocabulary.bytes(of: id).map({ Array($0) }) else { return nil }
        if let bytes = decoder?.bytes(of: piece) { return bytes }
        // Letters are decoded as they are; whatever else is added belongs to the piece.
        let before: [[UInt8]] = isFirst ? [] : [Array("a".utf8)]
        let (known, all) = (text(of: before), text(of: before + [piece]))
        return all.starts(with: known) ? Array(all.dropFirst(known.count)) : nil
    }

    private func text(of pieces: [[UInt8]]) -> [UInt8] {
        decoder.map { Array($0.decode(pieces).joined()) } ?? Array(pieces.joined(separator: [UInt8(ascii: " ")]))
    }
}
