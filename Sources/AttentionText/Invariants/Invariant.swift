/// A part of a text that is the same in every language: an address, code, a placeholder.
public struct Invariant: Sendable, Hashable {
    /// What it is.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// An address on the web, with or without its scheme.
        case url
        /// An e-mail address.
        case email
        /// Text in backquotes.
        case code
        /// A name of a program: with underscores, capitals inside, digits, parentheses, or a path, a file, a version, an option.
        case identifier
        /// What a program fills in: {name}, %s, $HOME, [NAME].
        case placeholder
        /// A tag of XML or HTML.
        case tag
        /// @somebody.
        case handle
        /// #something.
        case hashtag
        /// One emoji or several.
        case emoji
    }

    /// What it is.
    public let kind: Kind
    /// Where it stands, in Unicode scalars of the text.
    public let range: Range<Int>
    /// The part itself.
    public let text: String
}

extension Invariant {
    /// What must not be translated in a text, in order and without overlaps.
    /// - Complexity: linear.
    public static func all(in text: String) -> [Invariant] {
        var scanner = InvariantScanner(text: Array(text.unicodeScalars))
        return scanner.scan()
    }
}
