package import AttentionFiles

/// A stage that rewrites text before it is cut: Unicode forms, case, accents.
package protocol Normalizer: Stage {
    func normalize(_ text: AlignedText) -> AlignedText

    /// Whether text may be cut beforehand before any space that follows a solid character (`StretchCutter`), each part
    /// then being rewritten by `part`: the stage sees no further, and solid characters stay solid.
    var isLocal: Bool { get }

    /// What this stage is for a part of a text that stands first, last, or between others.
    func part(isFirst: Bool, isLast: Bool) -> any Normalizer
}

extension Normalizer {
    package var isLocal: Bool { false }
    package func part(isFirst: Bool, isLast: Bool) -> any Normalizer { self }
}

/// The normalizers by name.
package enum Normalizers {
    static let known: [any Normalizer.Type] = [
        NFC.self, NFD.self, NFKC.self, NFKD.self, Lowercase.self, StripAccents.self, StripNormalizer.self,
        ReplaceNormalizer.self, PrependNormalizer.self, BertNormalizer.self, PrecompiledNormalizer.self,
        NmtNormalizer.self,
        ByteLevelNormalizer.self, SentencePieceNormalizer.self, NormalizerSequence.self,
    ]

    package static func read(_ value: JSONValue) throws(TokenizerError) -> any Normalizer {
        let (type, fields) = try chooseStage(value, kind: "normalizer", among: known) { $0.name }
        return try type.init(fields)
    }
}
