/// Why a template cannot be read, or not be rendered.
package struct TemplateError: Error, Sendable, Hashable {
    /// What is wrong.
    package enum Reason: Sendable, Hashable {
        /// The text is no template.
        case syntax(expected: String, found: String)
        /// It asks for something that is not known here.
        case unknown(kind: String, name: String, nearest: String?)
        /// A value is of another kind than what is done with it needs.
        case unfit(operation: String, expected: String, found: String)
        /// The template itself refuses what it was given (`raise_exception`).
        case refused(String)
        /// It would go on for longer, or grow larger, than any template of use does.
        case limit(of: String, Int)
    }

    /// The line of the template, counted from 1.
    package let line: Int
    /// What is wrong there.
    package let reason: Reason

    package init(line: Int, _ reason: Reason) { (self.line, self.reason) = (line, reason) }
}

extension TemplateError: CustomStringConvertible {
    /// What follows the name of the template and a colon: the place, what was expected, what was found and the way out.
    package var description: String { "line \(line): \(sentence)" }

    private var sentence: String {
        switch reason {
        case .syntax(let expected, let found): "expected \(expected), found \(found)"
        case .unknown(let kind, let name, let nearest):
            "there is no \(kind) \"\(name)\" here; "
                + (nearest.map { "did you mean \"\($0)\"?" } ?? "write the template without it")
        case .unfit(let operation, let expected, let found): "\(operation): expected \(expected), found \(found)"
        case .refused(let reason): "the template refuses the conversation: \(reason)"
        case .limit(let what, let limit): "expected at most \(limit) \(what), found more; the template is damaged"
        }
    }
}
