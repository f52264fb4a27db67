/// Something with a value.
struct TemplateExpression: Sendable {
    /// Where it begins, counted from 1.
    let line: Int
    let form: Form

    indirect enum Form: Sendable {
        case none
        case boolean(Bool)
        case integer(Int)
        case number(Double)
        case string(String)
        case name(String)
        case list([TemplateExpression])
        case tuple([TemplateExpression])
        case dictionary([(key: TemplateExpression, value: TemplateExpression)])
        case attribute(TemplateExpression, String)
        case item(TemplateExpression, TemplateExpression)
        case slice(TemplateExpression, TemplateSlice)
        case call(TemplateExpression, TemplateCall)
        case filter(TemplateExpression, String, TemplateCall)
        case test(TemplateExpression, String, TemplateCall)
        case not(TemplateExpression)
        case negative(TemplateExpression)
        case positive(TemplateExpression)
        case arithmetic(TemplateExpression, String, TemplateExpression)
        case concatenation([TemplateExpression])
        case comparison(TemplateExpression, [(operation: String, value: TemplateExpression)])
        case all([TemplateExpression])
        case any([TemplateExpression])
        case conditional(TemplateExpression, then: TemplateExpression, otherwise: TemplateExpression?)
    }
}

/// `[start:end:step]`
struct TemplateSlice: Sendable {
    let start: TemplateExpression?
    let end: TemplateExpression?
    let step: TemplateExpression?
}

/// What stands in the parentheses of a call.
struct TemplateCall: Sendable {
    var positional: [TemplateExpression] = []
    var named: [(name: String, value: TemplateExpression)] = []
}
