package import AttentionFiles

/// The character map of a SentencePiece model, applied as the reference applies it: to whole characters (grapheme
/// clusters) of fewer than six bytes if the map has anything that begins them, else scalar by scalar.
package struct PrecompiledNormalizer: Normalizer {
    package static let name = "Precompiled"

    private let map: CharacterMap

    package init(_ fields: StageFields) throws(TokenizerError) {
        guard let bytes = Base64.decode(try fields.string("precompiled_charsmap")), let map = CharacterMap(bytes) else {
            throw .invalidField(
                stage: fields.stage, field: "precompiled_charsmap",
                expected: "a character map of SentencePiece in base 64",
                found: "something else")
        }
        self.map = map
    }

    package var members: [JSONMember] {
        [JSONMember("precompiled_charsmap", .string(Base64.encode(map.bytes)))]
    }

    package var isLocal: Bool {
        StretchCutter.solidScalars.allSatisfy { scalar in
            guard let found = map.prefix(of: scalar.utf8, longest: false) else { return true }
            return found.replacement.last.map { $0 > 0x20 } ?? false
        }
    }

    package func normalize(_ text: AlignedText) -> AlignedText {
        var edits: [ScalarEdit] = []
        edits.reserveCapacity(text.count)
        var isChanged = false
        GraphemeClusters.forEach(in: text) { cluster in
            if let content = replacement(of: cluster), cluster.reduce(0, { $0 + UTF8.width($1.scalar) }) < 6 {
                append(content, for: cluster.count, to: &edits)
                isChanged = true
                return
            }
            for index in cluster.indices {
                if let content = replacement(of: cluster[index...index]) {
                    append(content, for: 1, to: &edits)
                    isChanged = true
                } else {
                    edits.append(ScalarEdit(scalar: cluster[index].scalar, change: 0))
                }
            }
        }
        return isChanged ? text.rewritten(by: edits) : text
    }

    private func replacement(of part: ArraySlice<AlignedScalar>) -> [Unicode.Scalar]? {
        let found = map.prefix(of: part.lazy.flatMap { $0.scalar.utf8 }, longest: false)
        return found.map { Array(String(decoding: $0.replacement, as: UTF8.self).unicodeScalars) }
    }

    /// New scalars take the places of the old ones as far as there are any; the last answers for the difference.
    private func append(_ content: [Unicode.Scalar], for oldCount: Int, to edits: inout [ScalarEdit]) {
        edits += content.map { ScalarEdit(scalar: $0, change: 0) }
        let difference = content.count - oldCount
        if difference > 0 {
            for index in edits.indices.suffix(difference) { edits[index].change = 1 }
        } else if difference < 0, !edits.isEmpty {
            edits[edits.count - 1].change += Int32(difference)
        }
    }
}
