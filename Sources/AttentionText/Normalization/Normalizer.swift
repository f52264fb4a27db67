package import AttentionFiles

/// A stage that rewrites text before it is cut: Unicode forms, case, accents.
package protocol Normalizer: Stage {
    func normalize(_ text: AlignedText) -> AlignedText
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
