/// A piece of a template.
struct TemplateStatement: Sendable {
    /// Where it begins, counted from 1.
    let line: Int
    let form: Form

    indirect enum Form: Sendable {
        case text(String)
        case print(TemplateExpression)
        case conditional([(condition: TemplateExpression, body: [TemplateStatement])], otherwise: [TemplateStatement])
        case loop(TemplateLoopStatement)
        case set(TemplateTarget, TemplateExpression)
        /// What is rendered, behind these filters, becomes a value.
        case capture(TemplateTarget, [TemplateFilterUse], [TemplateStatement])
        case macro(TemplateMacroStatement)
        /// A call of a macro with a body that it may render as `caller()`.
        case call(TemplateExpression, TemplateMacroStatement)
        case filter([TemplateFilterUse], [TemplateStatement])
        case with([(target: TemplateTarget, value: TemplateExpression)], [TemplateStatement])
        case body([TemplateStatement])
        case leave
        case next
    }
}

/// What a value is given to.
enum TemplateTarget: Sendable {
    case name(String)
    case names([String])
    /// A member of a namespace.
    case member(of: String, String)
}

/// `for target in values if condition`
struct TemplateLoopStatement: Sendable {
    let target: TemplateTarget
    let values: TemplateExpression
    let condition: TemplateExpression?
    let body: [TemplateStatement]
    let otherwise: [TemplateStatement]
}

/// A piece of template with a name and parameters.
struct TemplateMacroStatement: Sendable {
    let name: String
    let parameters: [(name: String, fallback: TemplateExpression?)]
    let body: [TemplateStatement]
}

/// A filter without the value that it is applied to.
struct TemplateFilterUse: Sendable {
    let line: Int
    let name: String
    let call: TemplateCall
}
