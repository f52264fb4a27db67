import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

/// What a written text must be.
struct FormOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write JSON that fits the schema in this file; words of JSON Schema that are not kept are refused.",
            valueName: "file"))
    var jsonSchema: String?
    @Option(
        help: ArgumentHelp("Write what matches this regular expression from beginning to end.", valueName: "pattern"))
    var regex: String?

    func validate() throws {
        guard jsonSchema == nil || regex == nil else {
            throw ValidationError("expected one of --json-schema and --regex, found both")
        }
    }

    /// Holds a generator to it.
    func apply(to generator: inout TextGenerator) throws {
        if let jsonSchema {
            try generator.constrain(to: TextLanguage(jsonSchema: try FileContents.read(jsonSchema)))
        } else if let regex {
            try generator.constrain(to: TextLanguage(regularExpression: regex))
        }
    }

    /// Says that a limit has cut a text off before it was whole.
    func tellCut(_ tokens: [Int], _ generator: TextGenerator) {
        guard let constraint = generator.constraint, !constraint.isWhole(tokens) else { return }
        Diagnostics.print(
            "attend: the text was cut off after \(tokens.count) tokens, before it was whole; allow more with --max-new-tokens"
        )
    }
}

extension TextLanguageError: DataFault {}
