public import ArgumentParser
public import Attention

/// How many cores to use.
package struct ThreadOptions: ParsableArguments {
    @Option(
        name: .long, parsing: .unconditional,
        help: "Threads that compute; all cores unless ATTENTION_THREADS says otherwise.")
    package var threads: Int?

    /// What is chosen when nothing is said.
    package init() {}

    package func validate() throws {
        if let threads, threads < 1 || threads > 1024 {
            throw ValidationError("--threads: expected 1 to 1024, found \(threads)")
        }
    }

    /// Tells the library.
    package func apply() {
        if let threads { Parallel.setThreadCount(threads) }
    }
}

/// How precisely a model computes.
package struct PrecisionOptions: ParsableArguments {
    @Option(
        help: """
            How products and attention read their numbers: exact, float32 (within 1e-5), bfloat16 (rounded to 8 bits) or int8 \
            (the weights of linear maps). Sums are in float32 or wider.
            """)
    package var precision = Precision.float32

    /// What is chosen when nothing is said.
    package init() {}

    /// Computes `body` so.
    package func callAsFunction<Result>(_ body: () throws -> Result) rethrows -> Result {
        try withPrecision(precision, body)
    }
}

extension Precision: ExpressibleByArgument {}

/// Which model to use.
package struct ModelOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("A model folder; the model inside this program unless given.", valueName: "dir")
    )
    package var model: String?

    /// What is chosen when nothing is said.
    package init() {}
}

/// What is to be said of models that can do more than one thing.
package struct TranslatorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The language of the texts, for models of many languages, as the model spells it.", valueName: "code"))
    package var from: String?
    @Option(
        help: ArgumentHelp(
            "The language to translate into, for models of many languages, as the model spells it.", valueName: "code"))
    package var to: String?
    @Option(
        help: ArgumentHelp("What stands before every text, for models of many tasks, such as T5.", valueName: "text"))
    package var prompt: String?
    @Flag(
        help: """
            Write only words that the folder's lexical shortlist (lex.*.bin) has for the text: faster, and now and then another \
            translation.
            """)
    package var shortlist = false

    /// What is chosen when nothing is said.
    package init() {}

    /// What is said.
    package var choice: TranslatorChoice {
        var choice = TranslatorChoice()
        (choice.source, choice.target, choice.prompt, choice.usesShortlist) = (from, to, prompt, shortlist)
        return choice
    }

    /// The translator of a model folder, or of the model inside the program.
    package func translator(of model: String) throws -> Translator {
        if model != "default" { return try Translator(path: model, choice: choice) }
        guard choice == TranslatorChoice() else { throw TranslatorSourceError.noChoice("the model inside the program") }
        return try Translator.standard()
    }
}
