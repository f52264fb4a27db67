package import AttentionFiles

/// A stage that cuts normalised text into the segments that the model sees one by one.
package protocol PreTokenizer: Stage {
    /// The segments of `segment`, none of them empty.
    func split(_ segment: Segment) -> [Segment]
}

/// A stretch of text between two cuts.
package struct Segment: Sendable {
    package let text: ArraySlice<AlignedScalar>
    /// Whether the original text begins here.
    package let isAtStart: Bool

    package init(_ text: ArraySlice<AlignedScalar>, isAtStart: Bool) {
        self.text = text
        self.isAtStart = isAtStart
    }

    /// The stretch `range` of this one.
    func part(_ range: Range<Int>) -> Segment {
        Segment(text[range], isAtStart: isAtStart && range.lowerBound == text.startIndex)
    }

    /// This segment with `prefix` before it, which belongs to the word that it precedes.
    func prepending(_ prefix: Unicode.Scalar) -> Segment {
        guard let first = text.first else { return self }
        return Segment([first.replaced(by: prefix)] + text, isAtStart: isAtStart)
    }
}

/// The pre-tokenizers by name.
package enum PreTokenizers {
    static let known: [any PreTokenizer.Type] = [
        Metaspace.self, ByteLevelPreTokenizer.self, BertPreTokenizer.self, Whitespace.self, WhitespaceSplit.self,
        Punctuation.self, Digits.self, SplitPreTokenizer.self, PreTokenizerSequence.self,
    ]

    package static func read(_ value: JSONValue) throws(TokenizerError) -> any PreTokenizer {
        let (type, fields) = try chooseStage(value, kind: "pre-tokenizer", among: known) { $0.name }
        return try type.init(fields)
    }
}
