package import AttentionFiles

/// A stage that cuts normalised text into the segments that the model sees one by one.
package protocol PreTokenizer: Stage {
    /// The segments of `segment`, none of them empty.
    func split(_ segment: Segment) -> [Segment]

    /// Whether text is cut before every space that follows a solid character (`StretchCutter`), and what is on one side
    /// makes no difference to the other, if spaces are written as `space`.
    func cutsBeforeSpaces(writtenAs space: Unicode.Scalar) -> Bool
}

extension PreTokenizer {
    package func cutsBeforeSpaces(writtenAs space: Unicode.Scalar) -> Bool { false }
}

/// A stretch of text between two cuts.
package struct Segment: Sendable {
    package let text: ArraySlice<AlignedScalar>

    package init(_ text: ArraySlice<AlignedScalar>) {
        self.text = text
    }

    /// Whether the original text begins here.
    var isAtStart: Bool { text.first?.start == 0 }

    /// The stretch `range` of this one.
    func part(_ range: Range<Int>) -> Segment {
        Segment(text[range])
    }

    /// This segment with `prefix` before it, which stands for what its first scalar stands for.
    func prepending(_ prefix: Unicode.Scalar) -> Segment {
        guard let first = text.first else { return self }
        return Segment([first.replaced(by: prefix)] + text)
    }
}

/// The pre-tokenizers by name.
package enum PreTokenizers {
    static let known: [any PreTokenizer.Type] = [
        Metaspace.self, ByteLevelPreTokenizer.self, BertPreTokenizer.self, Whitespace.self, WhitespaceSplit.self,
        Punctuation.self, Digits.self, SplitPreTokenizer.self, CharDelimiterSplit.self, PreTokenizerSequence.self,
    ]

    package static func read(_ value: JSONValue) throws(TokenizerError) -> any PreTokenizer {
        let (type, fields) = try chooseStage(value, kind: "pre-tokenizer", among: known) { $0.name }
        return try type.init(fields)
    }
}
