package import AttentionFiles

/// Normalizers one after the other.
package struct NormalizerSequence: Normalizer {
    package static let name = "Sequence"

    private let normalizers: [any Normalizer]

    package init(_ normalizers: [any Normalizer]) { self.normalizers = normalizers }

    package init(_ fields: StageFields) throws(TokenizerError) {
        var normalizers: [any Normalizer] = []
        for value in try fields.array("normalizers") { normalizers.append(try Normalizers.read(value)) }
        self.normalizers = normalizers
    }

    package var members: [JSONMember] {
        [JSONMember("normalizers", .array(normalizers.map(\.json)))]
    }

    package var isLocal: Bool { normalizers.allSatisfy(\.isLocal) }

    package func part(isFirst: Bool, isLast: Bool) -> any Normalizer {
        NormalizerSequence(normalizers.map { $0.part(isFirst: isFirst, isLast: isLast) })
    }

    package func normalize(_ text: AlignedText) -> AlignedText {
        normalizers.reduce(text) { $1.normalize($0) }
    }
}
