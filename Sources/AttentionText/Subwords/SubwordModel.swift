package import AttentionFiles

/// The stage that cuts a segment into pieces of the vocabulary.
package protocol SubwordModel: Stage {
    var vocabulary: Vocabulary { get }

    /// Ids of the vocabulary that never stand for text.
    var specialIDs: Set<Int> { get }

    /// The pieces of a segment in UTF-8, in order.
    func subwords(of segment: [UInt8]) -> [Subword]

    /// The pieces of a segment, cut finer wherever `skipping` answers true; models that do not merge ignore it.
    func subwords(of segment: [UInt8], skipping: () -> Bool) -> [Subword]
}

extension SubwordModel {
    package func subwords(of segment: [UInt8], skipping: () -> Bool) -> [Subword] { subwords(of: segment) }
}

extension SubwordModel {
    package var specialIDs: Set<Int> { [] }
}

/// A piece and the bytes of its segment that it stands for.
package struct Subword: Sendable, Equatable {
    package let id: Int32
    /// The number of bytes before it.
    package let start: Int32
    /// The number of bytes up to its end.
    package let end: Int32
    /// Whether the token is spelt as the segment spells it, because the vocabulary does not.
    let isUnspelt: Bool

    package init(id: Int, start: Int, end: Int, isUnspelt: Bool = false) {
        self.id = Int32(truncatingIfNeeded: id)
        self.start = Int32(truncatingIfNeeded: start)
        self.end = Int32(truncatingIfNeeded: end)
        self.isUnspelt = isUnspelt
    }

    /// The same piece further on.
    func moved(by offset: Int) -> Subword {
        Subword(id: Int(id), start: Int(start) + offset, end: Int(end) + offset, isUnspelt: isUnspelt)
    }
}

/// The models by name.
package enum SubwordModels {
    static let known: [any SubwordModel.Type] = [
        BPE.self, WordPiece.self, Unigram.self, WordLevel.self, SentencePieceUnigram.self, SentencePieceBPE.self,
        RenumberedSubwords.self,
    ]

    package static func read(_ value: JSONValue) throws(TokenizerError) -> any SubwordModel {
        let (type, fields) = try chooseStage(value, kind: "model", among: known) { $0.name }
        return try type.init(fields)
    }
}
