public import ArgumentParser
public import Attention

/// How many cores to use.
package struct ThreadOptions: ParsableArguments {
    @Option(name: .long, help: "Threads that compute; all cores unless ATTENTION_THREADS says otherwise.")
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

    /// The model's translator.
    package func makeTranslator() throws -> Translator { try Self.translator(model ?? "default") }

    /// The translator of a model folder, or of the model inside the program.
    package static func translator(_ model: String) throws -> Translator {
        model == "default" ? try Translator.standard() : Translator(folder: try ModelFolder(path: model))
    }
}
