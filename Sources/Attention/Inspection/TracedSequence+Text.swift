import AttentionInspection
import AttentionText

extension TracedSequence {
    /// The pieces of a text, or of two, as a model reads them.
    ///
    /// - Parameters:
    ///   - pair: the second text; its offsets are those of both texts with a line's end between.
    ///   - before, behind: special pieces that the encoding does not hold.
    ///   - likely: how likely each piece was, and what else.
    init(
        name: String, text: String, pair: String? = nil, _ encoding: Encoding, before: [String] = [],
        behind: [String] = [], likely: [[LikelyPiece]]? = nil
    ) throws(TraceError) {
        let whole = pair.map { text + "\n" + $0 } ?? text
        let shift = text.unicodeScalars.count + 1
        let sequences = encoding.sequenceIDs
        let ranges: [Range<Int>?] = zip(encoding.offsets, sequences).map { range, sequence in
            guard let sequence else { return nil }
            return sequence == 0 ? range : range.lowerBound + shift..<range.upperBound + shift
        }
        let words = TextWords(whole)
        let places = words.words(at: ranges.map { Int32($0?.lowerBound ?? 0) })
        func framed<Value>(_ values: [Value?]) -> [Value?] {
            before.map { _ in nil } + values + behind.map { _ in nil }
        }
        try self.init(
            name: name, text: whole, pieces: before + encoding.pieces + behind,
            words: framed(zip(ranges, places).map { $0 == nil ? nil : $1 }), wordTexts: words.texts,
            offsets: framed(ranges), segments: framed(pair == nil ? ranges.map { _ in nil } : sequences), likely: likely
        )
    }

    /// Tokens as a decoder reads them, special ones among them.
    init(name: String, reading ids: [Int], by tokenizer: Tokenizer, beam: TracedBeam? = nil) throws(TraceError) {
        try self.init(
            name: name, pieces: ids.map { tokenizer.piece(of: $0) ?? "" },
            adding: ids.map { tokenizer.addedText(of: $0) }, beam: beam)
    }

    /// The pieces that a model wrote, special ones around them.
    init(
        name: String, written ids: [Int], by tokenizer: Tokenizer, before: [String] = [], behind: [String] = [],
        likely: [[LikelyPiece]]? = nil, beam: TracedBeam? = nil
    ) throws(TraceError) {
        let (text, spelt) = (tokenizer.decode(ids), tokenizer.decodeWords(ids))
        let ranges = tokenizer.ranges(of: ids, in: text)
        let texts = zip(ids, ranges).map { id, range in range == nil ? tokenizer.addedText(of: id) : nil }
        func framed<Value>(_ values: [Value?]) -> [Value?] {
            before.map { _ in nil } + values + behind.map { _ in nil }
        }
        try self.init(
            name: name, text: text, pieces: before + spelt.pieces + behind, words: framed(spelt.words),
            wordTexts: spelt.wordTexts, offsets: framed(ranges), likely: likely, beam: beam, texts: framed(texts))
    }
}

extension Tokenizer {
    /// Which part of the text each id spells; nil where it cannot be told, such as for a part of a character.
    ///
    /// - Complexity: quadratic in the number of ids, which are those of a sentence.
    fileprivate func ranges(of ids: [Int], in text: String) -> [Range<Int>?] {
        let whole = Array(text.unicodeScalars)
        let ends: [Int?] = (0...ids.count).map { count in
            let part = Array(decode(Array(ids[..<count])).unicodeScalars)
            return whole.starts(with: part) ? part.count : nil
        }
        return ids.indices.map { place in
            guard !isSpecial(ids[place]), let start = ends[place], let end = ends[place + 1], start < end,
                // What stands for bytes that are no character is not what they spell.
                !whole[start..<end].contains("\u{FFFD}")
            else { return nil }
            return start..<end
        }
    }
}
