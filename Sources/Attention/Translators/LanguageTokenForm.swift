import AttentionFiles
import AttentionModels
import AttentionText

/// M2M100, NLLB and mBART-50: the first piece of the source names its language, the first that is written the target's.
enum LanguageTokenForm: TranslationForm {
    static let modelTypes = ["m2m_100", "mbart"]

    static func model(
        _ model: any SequenceToSequence, _ folder: PretrainedTranslation, _ choice: TranslatorChoice
    ) throws -> TranslationModel {
        guard choice.prompt == nil else { throw TranslatorSourceError.noChoice(folder.path) }
        let tokenizer = try tokenizer(folder)
        let languages = languages(of: tokenizer)
        func id(_ language: String?, _ option: String) throws -> Int {
            let known = languages.keys.sorted()
            guard let language else {
                throw TranslatorSourceError.missingChoice(
                    option: option, reason: "it knows \(known.joined(separator: ", "))", path: folder.path)
            }
            guard let id = languages[language] else {
                throw TranslatorSourceError.unknownLanguage(language, option: option, known: known, path: folder.path)
            }
            return id
        }
        let (source, target) = (try id(choice.source, "--from"), try id(choice.target, "--to"))
        let end = try folder.id("eos_token_id")
        return try folder.translationModel(
            model, reader: tokenizer, writer: tokenizer, before: [source], behind: [end],
            start: [try folder.id("decoder_start_token_id", default: end), target],
            banned: Set(languages.values).union([try folder.id("pad_token_id")]))
    }

    /// `tokenizer.json`; or, in folders of M2M100, pieces, their ids, and the languages behind them.
    private static func tokenizer(_ folder: PretrainedTranslation) throws -> Tokenizer {
        guard !Directory.hasFile(folder.path + "/tokenizer.json"), Directory.hasFile(folder.path + "/vocab.json") else {
            return try Tokenizer(folder: folder.path).limited(truncation: nil, padding: nil)
        }
        let special = folder.path + "/special_tokens_map.json"
        let document = try ConfigurationFile.document(special)
        return try Tokenizer(
            sentencePiece: try folder.read("sentencepiece.bpe.model"), vocabulary: try folder.read("vocab.json"),
            added: try ConfigurationFile.reporting(special) {
                try ConfigurationFields(document).strings("additional_special_tokens")
            })
    }

    /// The languages, as people write them, by their pieces: `eng_Latn`, `en_XX`, and `en` for `__en__`.
    private static func languages(of tokenizer: Tokenizer) -> [String: Int] {
        var languages: [String: Int] = [:]
        for id in 0..<tokenizer.count where tokenizer.isSpecial(id) {
            guard let piece = tokenizer.piece(of: id) else { continue }
            if piece.hasPrefix("__"), piece.hasSuffix("__"), piece.count > 4 {
                languages[String(piece.dropFirst(2).dropLast(2))] = id
            } else if piece.contains("_"), piece.allSatisfy({ $0.isLetter || $0 == "_" || $0.isNumber }) {
                languages[piece] = id
            }
        }
        return languages
    }
}
