package import AttentionFiles

/// The partner of the byte-level pre-tokenizer: it concerns offsets alone, and leaves the tokens as they are.
package struct ByteLevelPostProcessor: PostProcessor {
    package static let name = "ByteLevel"

    private let addsPrefixSpace: Bool
    private let trimsOffsets: Bool
    private let usesPattern: Bool

    package init(_ fields: StageFields) throws(TokenizerError) {
        addsPrefixSpace = try fields.bool("add_prefix_space", default: true)
        trimsOffsets = try fields.bool("trim_offsets", default: true)
        usesPattern = try fields.bool("use_regex", default: true)
    }

    package var members: [JSONMember] {
        [
            JSONMember("add_prefix_space", .bool(addsPrefixSpace)), JSONMember("trim_offsets", .bool(trimsOffsets)),
            JSONMember("use_regex", .bool(usesPattern)),
        ]
    }

    package func process(_ parts: [TokenSequence], addingSpecialTokens: Bool) -> [TokenSequence] {
        guard trimsOffsets else { return parts }
        return parts.map { part in
            var part = part
            part.changeTokens { $0.trimOffsets(addsPrefixSpace: addsPrefixSpace) }
            return part
        }
    }

    package var spellings: [Int: String] { [:] }

    package var frame: TextFrame? { TextFrame(trimming: trimsOffsets ? addsPrefixSpace : nil) }

    package func addedCount(isPair: Bool) -> Int { 0 }
}
