import AttentionModels
import AttentionText

/// T5 and its kin, which are told in words what to do: `translate English to German: `.
enum PromptForm: TranslationForm {
    static let modelTypes = ["t5", "mt5"]
    static let needsChoice = true

    static func model(
        _ model: any SequenceToSequence, _ folder: PretrainedTranslation, _ choice: TranslatorChoice
    ) throws -> TranslationModel {
        let tokenizer = try Tokenizer(folder: folder.path).limited(truncation: nil, padding: nil)
        let padding = try folder.id("pad_token_id", default: 0)
        return try folder.translationModel(
            model, reader: tokenizer, writer: tokenizer, prompt: try prompt(choice, folder),
            behind: [try folder.id("eos_token_id")], start: [try folder.id("decoder_start_token_id", default: padding)],
            banned: [padding])
    }

    /// What was asked for, or the words that the folder has for these languages.
    private static func prompt(_ choice: TranslatorChoice, _ folder: PretrainedTranslation) throws -> String {
        if let prompt = choice.prompt { return prompt.hasSuffix(" ") ? prompt : prompt + " " }
        let tasks = try folder.folder.fields.part("task_specific_params")
        let names = (tasks?.names ?? []).filter { $0.hasPrefix("translation_") }.sorted()
        guard let source = choice.source, let target = choice.target else {
            throw TranslatorSourceError.missingChoice(
                option: "--prompt, or --from and --to",
                reason: names.isEmpty
                    ? "it has many tasks" : "it has the tasks \(names.joined(separator: ", "))", path: folder.path)
        }
        guard let task = try tasks?.part("translation_\(source)_to_\(target)") else {
            throw TranslatorSourceError.missingChoice(
                option: "--prompt", reason: "the folder has no words for \(source) to \(target)", path: folder.path)
        }
        return try task.string("prefix")
    }
}
