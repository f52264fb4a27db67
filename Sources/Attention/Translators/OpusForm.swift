import AttentionModels
import AttentionText

/// Marian as transformers has it, the models of OPUS-MT: `source.spm` cuts the source, `target.spm` spells the target, `vocab.json` numbers both. A
/// model into many languages is told which by a first piece, `>>fra<<`.
enum OpusForm: TranslationForm {
    static let modelTypes = ["marian"]

    static func model(
        _ model: any SequenceToSequence, _ folder: PretrainedTranslation, _ choice: TranslatorChoice
    ) throws -> TranslationModel {
        guard choice.source == nil, choice.prompt == nil else { throw TranslatorSourceError.noChoice(folder.path) }
        let vocabulary = try folder.read("vocab.json")
        let reader = try Tokenizer(sentencePiece: try folder.read("source.spm"), vocabulary: vocabulary)
        let writer = try Tokenizer(sentencePiece: try folder.read("target.spm"), vocabulary: vocabulary)
        let (end, start) = (try folder.id("eos_token_id"), try folder.id("decoder_start_token_id"))
        return try folder.translationModel(
            model, reader: reader, writer: writer, before: try language(choice.target, reader, folder.path),
            behind: [end],
            start: [start], banned: [start, try folder.id("pad_token_id")])
    }

    /// The piece that names the target's language, where there is a choice.
    private static func language(_ name: String?, _ tokenizer: Tokenizer, _ path: String) throws -> [Int] {
        let known = (0..<tokenizer.count).compactMap { tokenizer.piece(of: $0) }
            .filter { $0.hasPrefix(">>") && $0.hasSuffix("<<") }.map { String($0.dropFirst(2).dropLast(2)) }.sorted()
        guard let name else {
            guard known.isEmpty else {
                throw TranslatorSourceError.missingChoice(
                    option: "--to", reason: "it translates into \(known.joined(separator: ", "))", path: path)
            }
            return []
        }
        guard !known.isEmpty else { throw TranslatorSourceError.noChoice(path) }
        guard let id = tokenizer.id(of: ">>\(name)<<") else {
            throw TranslatorSourceError.unknownLanguage(name, option: "--to", known: known, path: path)
        }
        return [id]
    }
}
