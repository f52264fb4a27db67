package import AttentionFiles

/// Writes spaces as a visible character (▁) and cuts before each, so that a piece knows whether it begins a word.
package struct Metaspace: PreTokenizer {
    package static let name = "Metaspace"

    /// Where the text gets a ▁ it did not have.
    package enum PrependScheme: String, Sendable {
        /// Before every stretch between added tokens.
        case always
        /// At the beginning of the text only.
        case first
        case never
    }

    let replacement: Unicode.Scalar
    let prependScheme: PrependScheme
    private let cuts: Bool

    package init(replacement: Unicode.Scalar = "▁", prependScheme: PrependScheme = .always, cuts: Bool = true) {
        self.replacement = replacement
        self.prependScheme = prependScheme
        self.cuts = cuts
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        replacement = try fields.scalar("replacement")
        prependScheme = try Self.prependScheme(fields)
        cuts = try fields.bool("split", default: true)
    }

    /// The scheme, by name or, in old files, by `add_prefix_space`.
    static func prependScheme(_ fields: StageFields) throws(TokenizerError) -> PrependScheme {
        let addsPrefix = try fields.bool("add_prefix_space", default: true)
        let name = try fields.string("prepend_scheme", default: addsPrefix ? "always" : "never")
        guard let scheme = PrependScheme(rawValue: name) else {
            throw fields.error("prepend_scheme", expected: "always, first or never")
        }
        guard addsPrefix || scheme == .never else {
            throw fields.error("prepend_scheme", expected: "never, as \"add_prefix_space\" is false,")
        }
        return scheme
    }

    package var members: [JSONMember] {
        [
            JSONMember("replacement", .string(String(replacement))),
            JSONMember("prepend_scheme", .string(prependScheme.rawValue)),
            JSONMember("split", .bool(cuts)),
        ]
    }

    package func cutsBeforeSpaces(writtenAs space: Unicode.Scalar) -> Bool {
        cuts && (space == " " || space == replacement)
    }

    package func split(_ segment: Segment) -> [Segment] {
        if segment.text.isEmpty { return [] }
        let text = segment.text.map { $0.scalar == " " ? $0.replaced(by: replacement) : $0 }
        var marked = Segment(text[...])
        if text.first?.scalar != replacement, prepends(before: segment) {
            marked = marked.prepending(replacement)
        }
        return cuts ? SplitBehavior.mergedWithNext.split(marked) { $0 == replacement } : [marked]
    }

    private func prepends(before segment: Segment) -> Bool {
        switch prependScheme {
        case .always: true
        case .first: segment.isAtStart
        case .never: false
        }
    }
}
