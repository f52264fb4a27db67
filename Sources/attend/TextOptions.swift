public import ArgumentParser
import Attention
import AttentionCommand

/// How texts are taken apart and answers looked over.
struct TextOptions: ParsableArguments {
    @Option(help: "What of a text is translated at once: its sentences one by one (sentences), or all of it (none).")
    var split = TextSplitting.sentences
    @Option(help: "The language of the text, by whose rules sentences are told apart: en, fr, de or es.")
    var language = SentenceLanguage.english
    @Flag(help: "Take the model's answers as they come, whatever they lose.")
    var noGuards = false

    func apply(to options: inout TranslationOptions) {
        options.splitting = split
        options.language = language
        options.isGuarded = !noGuards
    }

    /// Says that sentences were cut or left out, if some were.
    static func tellCuts(in translation: Translation, of place: String) {
        if translation.guards.contains(.untranslated) {
            Diagnostics.print("attend: \(place): longer than the model reads and without a space; left as it is")
        } else if translation.guards.contains(.cut) {
            Diagnostics.print("attend: \(place): a sentence longer than the model reads well was translated in parts")
        }
    }
}

extension TextSplitting: ExpressibleByArgument {}
extension SentenceLanguage: ExpressibleByArgument {}
