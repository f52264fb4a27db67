/// A tag, a comment, a declaration, or what else is no text.
struct MarkupTag {
    enum Kind {
        case opening, closing, selfClosing
        /// A comment, a declaration, an instruction.
        case other
        /// Text of somebody else's: a section of characters, an entity that only the document's own definition knows.
        case foreign
    }

    let kind: Kind
    /// As the form tells names apart: of HTML in small letters; empty for comments and the like.
    let name: String
    /// Where it stands, from its first character to behind its last.
    let range: Range<Int>
    /// Whether it says `translate="no"`.
    let isNotTranslated: Bool

    /// What has no name.
    init(_ kind: Kind, _ range: Range<Int>) {
        (self.kind, name, self.range, isNotTranslated) = (kind, "", range, false)
    }

    /// The tag that begins at a place, `<name …>`, `</name>` or `<name …/>`; nil if there is none.
    ///
    /// - Parameters:
    ///   - nameEnd: behind a name that begins at a place; the place itself if none does.
    ///   - fold: what makes names alike that are one.
    init?(
        _ scalars: [Unicode.Scalar], at start: Int, nameEnd: (Int) -> Int, fold: (String) -> String = { $0 }
    ) {
        guard start + 1 < scalars.count, scalars[start] == "<" else { return nil }
        let isClosing = scalars[start + 1] == "/"
        let nameStart = start + (isClosing ? 2 : 1)
        let behind = nameEnd(nameStart)
        guard behind > nameStart else { return nil }
        guard let last = Self.end(scalars, from: behind) else { return nil }
        kind = isClosing ? .closing : scalars[last - 1] == "/" ? .selfClosing : .opening
        name = fold(Array(scalars[nameStart..<behind]).string)
        range = start..<last + 1
        let written = Array(scalars[nameStart..<last]).string.lowercased()
        isNotTranslated = written.contains("translate=\"no\"") || written.contains("translate='no'")
    }

    /// The first `>` outside quotation marks; nil if there is none.
    static func end(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var (place, quote): (Int, Unicode.Scalar?) = (start, nil)
        while place < scalars.count, quote != nil || scalars[place] != ">" {
            if quote == scalars[place] {
                quote = nil
            } else if quote == nil, scalars[place] == "\"" || scalars[place] == "'" {
                quote = scalars[place]
            }
            place += 1
        }
        return place < scalars.count ? place : nil
    }

    /// What begins with one mark and ends with another, such as a comment; nil unless both are there.
    static func enclosed(
        _ kind: Kind, _ scalars: [Unicode.Scalar], at start: Int, by opening: String, _ closing: String
    ) -> MarkupTag? {
        guard scalars[start...].starts(with: opening.unicodeScalars) else { return nil }
        let wanted = Array(closing.unicodeScalars)
        var place = start + opening.unicodeScalars.count
        while place + wanted.count <= scalars.count, !scalars[place...].starts(with: wanted) { place += 1 }
        guard place + wanted.count <= scalars.count else { return nil }
        return MarkupTag(kind, start..<place + wanted.count)
    }
}
