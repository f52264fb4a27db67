/// Reads a document from left to right.
struct MarkupReader {
    private let scalars: [Unicode.Scalar]
    private let dialect: any MarkupDialect
    private var index = 0
    private var parts: [MarkedDocument.Part] = []
    private var text = MarkedText()
    /// The scalars of `text.plain` so far.
    private var plain: [Unicode.Scalar] = []
    /// Elements that are open: their places in `text.elements`, and their names.
    private var open: [(element: Int, name: String)] = []
    private var keptCount = 0

    init(_ document: String, _ form: MarkupForm) {
        scalars = Array(document.unicodeScalars)
        dialect = form.dialect(of: scalars)
    }

    mutating func read() -> [MarkedDocument.Part] {
        while index < scalars.count {
            if let tag = dialect.tag(scalars, at: index) {
                take(tag)
            } else if scalars[index] == "&", let (scalar, end) = dialect.reference(scalars, at: index) {
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

    private mutating func take(_ tag: MarkupTag) {
        switch dialect.role(of: tag) {
        case .opaque:
            let end = end(of: tag)
            flush()
            append(verbatim: string(index..<end))
            index = end
        case .block:
            flush()
            append(verbatim: string(tag.range))
            index = tag.range.upperBound
        case .kept:
            keep(index..<end(of: tag))
        case .inline:
            takeInline(tag)
            index = tag.range.upperBound
        case .mark:
            text.marks.append(MarkedText.Mark(text: string(tag.range), place: plain.count))
            index = tag.range.upperBound
        }
    }

    private mutating func takeInline(_ tag: MarkupTag) {
        if tag.kind == .closing {
            // What was opened within it and not closed ends with it; what was never opened is left out.
            guard let place = open.lastIndex(where: { $0.name == tag.name }) else { return }
            close(from: place)
        } else {
            open.append((text.elements.count, tag.name))
            text.elements.append(
                MarkedText.Element(
                    opening: string(tag.range), closing: "</\(tag.name)>", range: plain.count..<plain.count,
                    parent: open.dropLast().last?.element, isRest: false))
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

    /// Behind the tag that closes an element with all that is in it, the end of the text if none does; behind what is no element.
    private func end(of opening: MarkupTag) -> Int {
        guard opening.kind == .opening else { return opening.range.upperBound }
        var (depth, place) = (1, opening.range.upperBound)
        while place < scalars.count {
            guard let tag = dialect.tag(scalars, at: place) else {
                place += 1
                continue
            }
            place = tag.range.upperBound
            guard tag.name == opening.name else { continue }
            if tag.kind == .opening { depth += 1 }
            if tag.kind == .closing { depth -= 1 }
            if depth == 0 { return place }
        }
        return scalars.count
    }

    private func string(_ range: Range<Int>) -> String { Array(scalars[range]).string }
}

extension [Unicode.Scalar] {
    /// Whether a text stands somewhere within these.
    fileprivate func contains(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        return indices.contains { self[$0] == wanted[0] && self[$0...].starts(with: wanted) }
    }
}
