package import AttentionFiles

/// The partner of the byte-level pre-tokenizer: it concerns offsets alone, and leaves the tokens as they are.
package struct ByteLevelPostProcessor: PostProcessor {
    package static let name = "ByteLevel"

    package let members: [JSONMember]

    package init(_ fields: StageFields) throws(TokenizerError) {
        members = [
            JSONMember("add_prefix_space", .bool(try fields.bool("add_prefix_space"))),
            JSONMember("trim_offsets", .bool(try fields.bool("trim_offsets"))),
            JSONMember("use_regex", .bool(try fields.bool("use_regex", default: true))),
        ]
    }

    package func process(_ tokens: [Token]) -> [Token] { tokens }
}
