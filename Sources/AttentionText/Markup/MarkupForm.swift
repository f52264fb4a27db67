/// How tags in a document are to be read.
public enum MarkupForm: String, Sendable, Hashable, CaseIterable {
    /// As a browser reads them: elements are known by name, capital and small letters are one.
    case html
    /// As XML: names are what they are, an element stands within a text where there is text beside it.
    case xml

    /// The text as the form writes it, with references for the characters that mean something there.
    public func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            // XML knows no name for it.
            case "\u{A0}": result += self == .html ? "&nbsp;" : "&#160;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// What tells the tags of a document apart.
    func dialect(of scalars: [Unicode.Scalar]) -> any MarkupDialect {
        switch self {
        case .html: HTMLDialect()
        case .xml: XMLDialect(scalars)
        }
    }
}

/// What the tags of a form of documents mean to a translator.
protocol MarkupDialect {
    /// The tag, comment or the like that begins at a place; nil if what stands there is text.
    func tag(_ scalars: [Unicode.Scalar], at place: Int) -> MarkupTag?
    /// What becomes of it.
    func role(of tag: MarkupTag) -> MarkupRole
    /// The character that a reference at a place stands for, and where it ends; nil if there is none that is known.
    func reference(_ scalars: [Unicode.Scalar], at place: Int) -> (scalar: Unicode.Scalar, end: Int)?
}

/// What becomes of a tag.
enum MarkupRole {
    /// It parts texts, and stays.
    case block
    /// It parts texts, and stays with all that is in the element.
    case opaque
    /// It stands within a text and stays with all that is in the element.
    case kept
    /// It covers a part of a text.
    case inline
    /// It stands at a place of a text.
    case mark
}
