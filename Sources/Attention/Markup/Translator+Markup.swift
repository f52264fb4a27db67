import AttentionText

extension Translator {
    /// The translation of HTML as HTML: tags stand around the words made of those they stood around, what must stay as it is stays (`<code>`,
    /// scripts, `translate="no"`), blocks are translated each for itself.
    ///
    /// Where words of an element part in the translation, the element is written twice. What was opened is closed, whatever came in.
    ///
    /// - Throws: what the search throws.
    public func translate(html: String, options: TranslationOptions = TranslationOptions()) throws -> String {
        let parts = MarkedDocument(html: html).parts
        let texts = parts.compactMap { part in
            if case .text(let text) = part { text } else { nil }
        }
        var options = options
        (options.aligns, options.hypothesisCount) = (true, 1)
        var found = try translate(texts.map(\.plain), options: options).map { $0[0] }[...]
        return parts.map { part in
            switch part {
            case .verbatim(let text): text
            case .text(let text): found.popFirst().map { MarkupTransfer(text, $0).html } ?? ""
            }
        }.joined()
    }
}
