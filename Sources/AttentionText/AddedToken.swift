import AttentionFiles

/// A token that stands outside the model: found in the text before anything else is done, or never found there but put
/// in by the post-processor.
package struct AddedToken: Sendable {
    let id: Int
    let content: String
    /// Found only between characters that belong to no word.
    let isSingleWord: Bool
    /// Takes the white space before it along.
    let stripsLeft: Bool
    /// Takes the white space after it along.
    let stripsRight: Bool
    /// Found in the normalised text, not in the original.
    let isNormalized: Bool
    /// Left out when ids are decoded.
    let isSpecial: Bool

    /// A special token as training makes it.
    init(special content: String, id: Int) { self.init(content, id: id, isSpecial: true) }

    /// A token that is found as it is spelt.
    init(_ content: String, id: Int, isSpecial: Bool) {
        self.id = id
        self.content = content
        self.isSpecial = isSpecial
        isSingleWord = false
        stripsLeft = false
        stripsRight = false
        isNormalized = false
    }

    init(_ value: JSONValue) throws(TokenizerError) {
        let fields = try StageFields(stage: "added token", value)
        id = try fields.count("id")
        content = try fields.string("content")
        isSingleWord = try fields.bool("single_word")
        stripsLeft = try fields.bool("lstrip")
        stripsRight = try fields.bool("rstrip")
        isNormalized = try fields.bool("normalized")
        isSpecial = try fields.bool("special")
    }

    var json: JSONValue {
        .object([
            JSONMember("id", .number(JSONNumber(id))), JSONMember("content", .string(content)),
            JSONMember("single_word", .bool(isSingleWord)), JSONMember("lstrip", .bool(stripsLeft)),
            JSONMember("rstrip", .bool(stripsRight)), JSONMember("normalized", .bool(isNormalized)),
            JSONMember("special", .bool(isSpecial)),
        ])
    }
}
