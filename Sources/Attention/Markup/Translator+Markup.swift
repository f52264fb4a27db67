import AttentionInspection
import AttentionModels
public import AttentionText

extension Translator {
    /// The translation of a document with tags: they stand around the words made of those they stood around, what must stay as it is stays
    /// (`translate="no"`; of HTML `<code>` and scripts, of XML sections of characters and entities), blocks are translated each for itself.
    ///
    /// Where words of an element part in the translation, the element is written twice. What was opened is closed, whatever came in.
    ///
    /// - Throws: what the search throws.
    public func translate(
        _ document: String, as form: MarkupForm, options: TranslationOptions = TranslationOptions()
    ) throws -> String {
        let parts = MarkedDocument(document, form).parts
        let texts = parts.compactMap { part in
            if case .text(let text) = part { text } else { nil }
        }
        var options = options
        (options.aligns, options.hypothesisCount) = (false, 1)
        let found = try translate(texts.map(\.plain), options: options).map { $0[0] }
        let alignments = try wordAlignments(of: found).map { sentences in
            guard let glossary = options.glossary else { return sentences }
            return try sentences.map { try $0?.pinned(by: glossary) }
        }
        var transfers = zip(texts, zip(found, alignments)).map { MarkupTransfer($0, form, $1.0, $1.1).text }[...]
        return parts.map { part in
            switch part {
            case .verbatim(let text): text
            case .text: transfers.popFirst() ?? ""
            }
        }.joined()
    }

    /// How the words of each sentence are aligned, by all sentences together; nil where the model cannot tell.
    private func wordAlignments(of translations: [Translation]) throws -> [[AlignmentMatrix?]] {
        let sentences = translations.flatMap(\.sentences)
        let pairs = sentences.map { WordPair($0.source, $0.text) }
        // What is no language for this model, or too long for it, has not been written by it.
        let readable = sentences.indices.filter { place in
            !pairs[place].source.isEmpty && !pairs[place].target.isEmpty
                && !sentences[place].guards.contains(.untranslated)
                && encoding(of: sentences[place].source).ids.count < pieceLimit
                && model.writer.encode(sentences[place].text, addingSpecialTokens: false).ids.count
                    < min(pieceLimit, model.form.stepCountLimit)
        }
        var all = [AlignmentMatrix?](repeating: nil, count: sentences.count)
        if model.model.attentionExtent.headCount > 0 {
            let found = try AttentionAligner(self).align(readable.map { pairs[$0] })
            for (place, alignment) in zip(readable, found) { all[place] = alignment.matrix }
        }
        var rest = all[...]
        return translations.map { translation in
            let own = Array(rest.prefix(translation.sentences.count))
            rest = rest.dropFirst(own.count)
            return own
        }
    }
}
