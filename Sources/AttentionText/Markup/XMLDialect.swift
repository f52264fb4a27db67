/// Tags as XML has them. No name says there what stands within a text and what around texts; so that is told by what stands beside it: an
/// element whose parent has text of its own is a part of that text, any other parts texts.
///
/// Source: Extensible Markup Language (XML) 1.0, sections 2.3 to 2.7, 3.1 and 4.1.
struct XMLDialect: MarkupDialect {
    /// Where tags begin that part texts.
    private var blocks: Set<Int> = []

    /// What a document's tags are.
    /// - Complexity: linear, but for elements that are never closed.
    init(_ scalars: [Unicode.Scalar]) {
        var open = [Level(name: "")]
        var place = 0
        while place < scalars.count {
            guard let tag = tag(scalars, at: place) else {
                if !scalars[place].properties.isWhitespace { open[open.count - 1].hasText = true }
                place += 1
                continue
            }
            place = tag.range.upperBound
            switch tag.kind {
            case .opening:
                open[open.count - 1].tags.append(tag.range.lowerBound)
                open.append(Level(name: tag.name))
            case .closing:
                guard let level = open.dropFirst().lastIndex(where: { $0.name == tag.name }) else { continue }
                while open.count > level { close(open.removeLast()) }
                open[open.count - 1].tags.append(tag.range.lowerBound)
            case .selfClosing, .other, .foreign:
                open[open.count - 1].tags.append(tag.range.lowerBound)
            }
        }
        while let level = open.popLast() { close(level) }
    }

    /// What is known of an element so far.
    private struct Level {
        let name: String
        /// Whether text stands directly in it.
        var hasText = false
        /// Where the tags of what is directly in it begin.
        var tags: [Int] = []
    }

    private mutating func close(_ level: Level) {
        if !level.hasText { blocks.formUnion(level.tags) }
    }

    func tag(_ scalars: [Unicode.Scalar], at place: Int) -> MarkupTag? {
        func named(_ start: Int) -> Int {
            guard start < scalars.count, scalars[start].startsXMLName else { return start }
            return scalars[start...].firstIndex { !$0.isInXMLName } ?? scalars.count
        }
        if scalars[place] == "&" {
            let end = named(place + 1)
            guard end > place + 1, end < scalars.count, scalars[end] == ";", reference(scalars, at: place) == nil else {
                return nil
            }
            return MarkupTag(.foreign, place..<end + 1)
        }
        guard scalars[place] == "<" else { return nil }
        let enclosed: [(MarkupTag.Kind, String, String)] = [
            (.other, "<!--", "-->"), (.foreign, "<![CDATA[", "]]>"), (.other, "<?", "?>"),
        ]
        for (kind, opening, closing) in enclosed {
            if let found = MarkupTag.enclosed(kind, scalars, at: place, by: opening, closing) { return found }
        }
        if scalars[place...].starts(with: "<!DOCTYPE".unicodeScalars) {
            return declaration(scalars, at: place)
        }
        return MarkupTag(scalars, at: place, nameEnd: named)
    }

    /// A document type, with what it declares between brackets.
    private func declaration(_ scalars: [Unicode.Scalar], at start: Int) -> MarkupTag? {
        guard var end = MarkupTag.end(scalars, from: start) else { return nil }
        if let bracket = scalars[start..<end].firstIndex(of: "["), !scalars[bracket..<end].contains("]") {
            guard let closing = scalars[bracket...].firstIndex(of: "]"),
                let last = MarkupTag.end(scalars, from: closing)
            else { return nil }
            end = last
        }
        return MarkupTag(.other, start..<end + 1)
    }

    func role(of tag: MarkupTag) -> MarkupRole {
        let isBlock = blocks.contains(tag.range.lowerBound)
        if tag.kind == .opening, tag.isNotTranslated { return isBlock ? .opaque : .kept }
        if isBlock { return .block }
        return switch tag.kind {
        case .opening, .closing: .inline
        case .foreign: .kept
        case .selfClosing, .other: .mark
        }
    }

    func reference(_ scalars: [Unicode.Scalar], at place: Int) -> (scalar: Unicode.Scalar, end: Int)? {
        guard let (scalar, end) = CharacterReference.read(scalars, at: place) else { return nil }
        let name = Array(scalars[(place + 1)..<(end - 1)]).string
        return name.hasPrefix("#") || ["amp", "lt", "gt", "quot", "apos"].contains(name) ? (scalar, end) : nil
    }
}

extension Unicode.Scalar {
    /// Whether a name of XML may begin with it.
    fileprivate var startsXMLName: Bool { self == "_" || self == ":" || properties.isAlphabetic }

    /// Whether it may stand in a name of XML.
    fileprivate var isInXMLName: Bool {
        startsXMLName || self == "-" || self == "." || self == "·" || ("0"..."9").contains(self)
            || properties.generalCategory == .nonspacingMark || properties.numericType == .decimal
    }
}
