/// Whether a document is well-formed XML, as far as our documents go: one root, nested elements, quoted and unique
/// attributes, the five entities, no declaration, comment or section, and only characters that XML allows.
struct XMLChecker {
    private var rest: Substring.UnicodeScalarView
    private var hasFailed = false

    static func isWellFormed(_ document: String) -> Bool {
        guard document.unicodeScalars.allSatisfy(isAllowed) else { return false }
        var checker = XMLChecker(rest: document[...].unicodeScalars)
        checker.space()
        checker.element()
        checker.space()
        return !checker.hasFailed && checker.rest.isEmpty
    }

    private init(rest: Substring.UnicodeScalarView) { self.rest = rest }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    private mutating func accept(_ text: String) -> Bool {
        guard rest.starts(with: text.unicodeScalars) else { return false }
        rest.removeFirst(text.unicodeScalars.count)
        return true
    }

    private mutating func take(while condition: (Unicode.Scalar) -> Bool) -> String {
        let taken = rest.prefix(while: condition)
        rest.removeFirst(taken.count)
        return String(taken)
    }

    private mutating func space() { _ = take { $0 == " " || $0 == "\n" } }

    private mutating func name() -> String {
        let name = take { $0.isASCII && ($0.properties.isAlphabetic || $0 == "-" || ("0"..."9").contains($0)) }
        if name.isEmpty { hasFailed = true }
        return name
    }

    private mutating func element() {
        guard accept("<") else {
            hasFailed = true
            return
        }
        let tag = name()
        var attributes: Set<String> = []
        space()
        while !hasFailed, !rest.isEmpty, rest.first != ">", rest.first != "/" {
            if !attributes.insert(name()).inserted { hasFailed = true }
            guard accept("=\"") else {
                hasFailed = true
                return
            }
            text(until: "\"")
            guard accept("\"") else {
                hasFailed = true
                return
            }
            space()
        }
        if accept("/>") { return }
        guard accept(">") else {
            hasFailed = true
            return
        }
        while !hasFailed {
            text(until: "<")
            if accept("</") {
                if name() != tag || !accept(">") { hasFailed = true }
                return
            }
            element()
        }
    }

    private mutating func text(until end: Unicode.Scalar) {
        while let next = rest.first, next != end {
            guard next != "<", next == "&" ? reference() : true else {
                hasFailed = true
                return
            }
            if next != "&" { rest.removeFirst() }
        }
        if rest.isEmpty { hasFailed = true }
    }

    private mutating func reference() -> Bool {
        ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#39;"].contains { accept($0) }
    }
}
