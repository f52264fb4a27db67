/// Tags as HTML has them. Source: HTML Living Standard, sections 4 and 13.1.
struct HTMLDialect: MarkupDialect {
    /// Elements of whole blocks, whose tags part texts.
    private static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "colgroup", "col",
        "dd",
        "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
        "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "legend", "li", "link", "main", "menu", "meta",
        "nav", "ol", "option", "p", "section", "select", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
        "title", "tr", "ul",
    ]
    /// Elements whose content is no text for a reader.
    private static let opaque: Set<String> = ["script", "style", "textarea", "pre", "svg", "math", "template"]
    /// Elements within a text whose content is the same in every language.
    private static let kept: Set<String> = ["code", "kbd", "samp", "var", "tt"]
    /// Elements without content.
    private static let empty: Set<String> = ["area", "embed", "img", "input", "source", "track", "wbr"]

    func tag(_ scalars: [Unicode.Scalar], at place: Int) -> MarkupTag? {
        guard scalars[place] == "<", place + 1 < scalars.count else { return nil }
        if scalars[place...].starts(with: "<!--".unicodeScalars) {
            return .enclosed(.other, scalars, at: place, by: "<!--", "-->")
        }
        if scalars[place + 1] == "!" || scalars[place + 1] == "?" {
            guard place + 2 < scalars.count, scalars[place + 2].isASCIILetter,
                let end = MarkupTag.end(scalars, from: place + 2)
            else { return nil }
            return MarkupTag(.other, place..<end + 1)
        }
        return MarkupTag(scalars, at: place) { start in
            guard start < scalars.count, scalars[start].isASCIILetter else { return start }
            return scalars[start...].firstIndex { !$0.isASCIIWordPart && $0 != "-" && $0 != ":" } ?? scalars.count
        } fold: {
            $0.lowercased()
        }
    }

    func role(of tag: MarkupTag) -> MarkupRole {
        if tag.kind == .opening, Self.opaque.contains(tag.name) { return .opaque }
        if Self.blocks.contains(tag.name) { return .block }
        if tag.kind == .opening, Self.kept.contains(tag.name) || tag.isNotTranslated { return .kept }
        switch tag.kind {
        case .closing: return .inline
        case .opening: return Self.empty.contains(tag.name) ? .mark : .inline
        case .selfClosing, .other, .foreign: return .mark
        }
    }

    func reference(_ scalars: [Unicode.Scalar], at place: Int) -> (scalar: Unicode.Scalar, end: Int)? {
        CharacterReference.read(scalars, at: place)
    }
}
