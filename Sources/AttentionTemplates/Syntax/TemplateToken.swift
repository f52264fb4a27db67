/// A word of a template.
struct TemplateToken {
    enum Kind: Equatable {
        /// What stands outside all tags.
        case text(String)
        /// `{%` and `%}`
        case blockBegin, blockEnd
        /// `{{` and `}}`
        case printBegin, printEnd
        case name(String)
        case string(String)
        case integer(Int)
        case number(Double)
        /// An operator or a bracket.
        case symbol(String)
        /// The end of the template.
        case end
    }

    let kind: Kind
    /// Counted from 1.
    let line: Int

    /// What this is, for an error sentence.
    var summary: String {
        switch kind {
        case .text: "text"
        case .blockBegin: "{%"
        case .blockEnd: "%}"
        case .printBegin: "{{"
        case .printEnd: "}}"
        case .name(let name): "\"\(name)\""
        case .string: "a string"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .symbol(let symbol): "\"\(symbol)\""
        case .end: "the end of the template"
        }
    }
}
