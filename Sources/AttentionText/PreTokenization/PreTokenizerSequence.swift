package import AttentionFiles

/// Pre-tokenizers one after the other, each cutting the segments of the one before.
package struct PreTokenizerSequence: PreTokenizer {
    package static let name = "Sequence"

    private let preTokenizers: [any PreTokenizer]

    package init(_ preTokenizers: [any PreTokenizer]) { self.preTokenizers = preTokenizers }

    package init(_ fields: StageFields) throws(TokenizerError) {
        var preTokenizers: [any PreTokenizer] = []
        for value in try fields.array("pretokenizers") { preTokenizers.append(try PreTokenizers.read(value)) }
        self.preTokenizers = preTokenizers
    }

    package var members: [JSONMember] {
        [JSONMember("pretokenizers", .array(preTokenizers.map(\.json)))]
    }

    package func cutsBeforeSpaces(writtenAs space: Unicode.Scalar) -> Bool {
        preTokenizers.first?.cutsBeforeSpaces(writtenAs: space) ?? false
    }

    package func split(_ segment: Segment) -> [Segment] {
        preTokenizers.reduce([segment]) { segments, preTokenizer in segments.flatMap(preTokenizer.split) }
    }
}
