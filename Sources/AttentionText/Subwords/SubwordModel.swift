package import AttentionFiles

/// The stage that cuts a segment into pieces of the vocabulary.
package protocol SubwordModel: Stage {
    var vocabulary: Vocabulary { get }

    /// The pieces of a segment in UTF-8, in order.
    func subwords(of segment: [UInt8]) -> [Subword]

    /// The pieces of a segment, cut finer wherever `skipping` answers true; models that do not merge ignore it.
    func subwords(of segment: [UInt8], skipping: () -> Bool) -> [Subword]
}

extension SubwordModel {
    package func subwords(of segment: [UInt8], skipping: () -> Bool) -> [Subword] { subwords(of: segment) }
}

/// A piece and where it begins in its segment.
package struct Subword: Sendable, Equatable {
    package let id: Int32
    /// The number of bytes before it.
    package let start: Int32

    package init(id: Int, start: Int) {
        self.id = Int32(truncatingIfNeeded: id)
        self.start = Int32(truncatingIfNeeded: start)
    }
}

/// The models by name.
package enum SubwordModels {
    static let known: [any SubwordModel.Type] = [BPE.self, WordPiece.self, Unigram.self]

    package static func read(_ value: JSONValue) throws(TokenizerError) -> any SubwordModel {
        let (type, fields) = try chooseStage(value, kind: "model", among: known) { $0.name }
        return try type.init(fields)
    }
}
