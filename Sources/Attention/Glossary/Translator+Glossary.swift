import AttentionText

extension Translator {
    /// Whether the model can spell all terms.
    /// - Throws: `GlossaryError.unspeakable` naming what it cannot.
    public func check(_ glossary: Glossary) throws(GlossaryError) {
        for term in glossary.terms {
            for (text, tokenizer, side) in [
                (term.source, model.reader, "source"), (term.target, model.writer, "target"),
            ] {
                let ids = tokenizer.encode(text, addingSpecialTokens: false, recognizingSpecialTokens: false).ids
                guard tokenizer.decode(ids) == text else { throw .unspeakable(text, language: side) }
            }
        }
    }
}
