/// Reads HTML from left to right.
struct MarkupReader {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var parts: [MarkedDocument.Part] = []
    private var text = MarkedText()
    /// The scalars of `text.plain` so far.
    private var plain: [Unicode.Scalar] = []
    /// Elements that are open: their places in `text.elements`, and their names.
    private var open: [(element: Int, name: String)] = []
    private var keptCount = 0

    init(_ html: String) { scalars = Array(html.unicodeScalars) }

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

    mutating func read() -> [MarkedDocument.Part] {
        while index < scalars.count {
            if scalars[index] == "<", let tag = Tag(scalars, at: index) {
                take(tag)
            } else if scalars[index] == "&", let (scalar, end) = CharacterReference.read(scalars, at: index) {
                plain.append(scalar)
                index = end
            } else {
                plain.append(scalars[index])
                index += 1
            }
        }
        flush()
        return parts
    }

    private mutating func take(_ tag: Tag) {
        if tag.kind == .opening, Self.opaque.contains(tag.name) {
            let end = end(of: tag)
            flush()
            append(verbatim: string(index..<end))
            index = end
        } else if Self.blocks.contains(tag.name) {
            flush()
            append(verbatim: string(index..<tag.end))
            index = tag.end
        } else if tag.kind == .opening, Self.kept.contains(tag.name) || tag.isNotTranslated {
            keep(index..<end(of: tag))
        } else {
            takeInline(tag)
            index = tag.end
        }
    }

    private mutating func takeInline(_ tag: Tag) {
        let written = string(index..<tag.end)
        switch tag.kind {
        case .opening where !Self.empty.contains(tag.name):
            open.append((text.elements.count, tag.name))
            text.elements.append(
                MarkedText.Element(
                    opening: written, closing: "</\(tag.name)>", range: plain.count..<plain.count,
                    parent: open.dropLast().last?.element, isRest: false))
        case .closing:
            // What was opened within it and not closed ends with it; what was never opened is left out.
            guard let place = open.lastIndex(where: { $0.name == tag.name }) else { return }
            close(from: place)
        case .opening, .selfClosing, .other:
            text.marks.append(MarkedText.Mark(text: written, place: plain.count))
        }
    }

    private mutating func close(from place: Int) {
        for (element, _) in open[place...] {
            text.elements[element].range = text.elements[element].range.lowerBound..<plain.count
        }
        open.removeSubrange(place...)
    }

    /// Puts a placeholder for what must stay as it is.
    private mutating func keep(_ range: Range<Int>) {
        var placeholder: String
        repeat {
            keptCount += 1
            placeholder = "{\(keptCount)}"
        } while scalars.contains(placeholder)
        text.kept.append((placeholder, string(range)))
        plain += placeholder.unicodeScalars
        index = range.upperBound
    }

    /// Ends a text; elements that are open end with it, and go on in the next.
    private mutating func flush() {
        let rest = open
        let elements = text.elements
        close(from: 0)
        text.plain = plain.string
        let isOfRests = text.elements.allSatisfy(\.isRest)
        if !plain.isEmpty || !isOfRests || !text.marks.isEmpty { parts.append(.text(text)) }
        (text, plain) = (MarkedText(), [])
        for (place, element) in rest.enumerated() {
            let opened = elements[element.element]
            open.append((place, element.name))
            text.elements.append(
                MarkedText.Element(
                    opening: opened.opening, closing: opened.closing, range: 0..<0,
                    parent: place > 0 ? place - 1 : nil, isRest: true))
        }
    }

    private mutating func append(verbatim: String) {
        if case .verbatim(let before)? = parts.last {
            parts[parts.count - 1] = .verbatim(before + verbatim)
        } else {
            parts.append(.verbatim(verbatim))
        }
    }

    /// Behind the tag that closes an element with all that is in it; the end of the text if none does.
    private func end(of opening: Tag) -> Int {
        var (depth, place) = (1, opening.end)
        while place < scalars.count {
            guard scalars[place] == "<", let tag = Tag(scalars, at: place) else {
                place += 1
                continue
            }
            place = tag.end
            guard tag.name == opening.name else { continue }
            if tag.kind == .opening { depth += 1 }
            if tag.kind == .closing { depth -= 1 }
            if depth == 0 { return place }
        }
        return scalars.count
    }

    private func string(_ range: Range<Int>) -> String { Array(scalars[range]).string }
}

/// A tag, a comment or a declaration.
private struct Tag {
    enum Kind { case opening, closing, selfClosing, other }

    let kind: Kind
    /// In small letters; empty for comments and declarations.
    let name: String
    /// Behind its last character.
    let end: Int
    /// Whether it says `translate="no"`.
    let isNotTranslated: Bool

    /// What begins at this place, if it is one.
    init?(_ scalars: [Unicode.Scalar], at start: Int) {
        guard start + 1 < scalars.count else { return nil }
        if scalars[(start + 1)...].starts(with: ["!", "-", "-"]) {
            var place = start + 4
            while place + 2 < scalars.count, !scalars[place...].starts(with: ["-", "-", ">"]) { place += 1 }
            guard place + 2 < scalars.count else { return nil }
            (kind, name, end, isNotTranslated) = (.other, "", place + 3, false)
            return
        }
        let isDeclaration = scalars[start + 1] == "!" || scalars[start + 1] == "?"
        let isClosing = scalars[start + 1] == "/"
        var place = start + (isDeclaration || isClosing ? 2 : 1)
        let nameStart = place
        guard place < scalars.count, scalars[place].isASCIILetter else { return nil }
        while place < scalars.count, scalars[place].isASCIIWordPart || scalars[place] == "-" || scalars[place] == ":" {
            place += 1
        }
        let name = Array(scalars[nameStart..<place]).string.lowercased()
        var quote: Unicode.Scalar?
        while place < scalars.count, quote != nil || scalars[place] != ">" {
            if quote == scalars[place] {
                quote = nil
            } else if quote == nil, scalars[place] == "\"" || scalars[place] == "'" {
                quote = scalars[place]
            }
            place += 1
        }
        guard place < scalars.count else { return nil }
        let isSelfClosing = scalars[place - 1] == "/"
        kind = isDeclaration ? .other : isClosing ? .closing : isSelfClosing ? .selfClosing : .opening
        self.name = isDeclaration ? "" : name
        end = place + 1
        let written = Array(scalars[nameStart..<place]).string.lowercased()
        isNotTranslated = written.contains("translate=\"no\"") || written.contains("translate='no'")
    }
}

extension [Unicode.Scalar] {
    /// Whether a text stands somewhere within these.
    fileprivate func contains(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        return indices.contains { self[$0] == wanted[0] && self[$0...].starts(with: wanted) }
    }
}
