package import AttentionFiles
import Glibc

/// A text with holes, in the subset of Jinja that the chat templates of published models are written in, rendered as transformers renders it:
/// `trim_blocks` and `lstrip_blocks` on, nothing escaped, lists and dictionaries unchangeable, loops that may break off.
///
/// ```swift
/// let template = try Template("{% for m in messages %}<{{ m.role }}>{{ m.content | trim }}{% endfor %}")
/// let text = try template.render([JSONMember("messages", messages)])
/// ```
///
/// Source: the template designer documentation of Jinja 3.1, and `_compile_jinja_template` of transformers 5.
package struct Template: Sendable {
    /// The text that it was read from.
    package let source: String
    private let body: [TemplateStatement]

    /// Reads a template.
    /// - Throws: `TemplateError` naming the line, what was expected there, and what was found.
    package init(_ source: String) throws(TemplateError) {
        self.source = source
        var lexer = TemplateLexer(source)
        var parser = TemplateParser(try lexer.tokens())
        body = try parser.template()
    }

    /// The text for these values.
    /// - Parameters:
    ///   - values: what the template's names stand for.
    ///   - now: what `strftime_now` takes for the time, in seconds since 1970.
    /// - Throws: `TemplateError` if a value is of another kind than the template needs, the template refuses the values itself, or it would not end.
    /// - Complexity: bounded, whatever the template says: see `Renderer`.
    package func render(_ values: [JSONMember], now: Int = Int(time(nil))) throws(TemplateError) -> String {
        let renderer = Renderer(now: now)
        defer { renderer.release() }
        let scope = TemplateScope()
        for value in values { scope.values[value.key] = TemplateValue(value.value) }
        return try renderer.text(of: body, in: scope)
    }
}
