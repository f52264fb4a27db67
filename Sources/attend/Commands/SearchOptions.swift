import ArgumentParser
import Attention

/// How the best translation is looked for.
struct SearchOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "Hypotheses kept by the search; as many as the model was tuned for, mostly 5, unless given.")
    var beam: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How much long translations are favoured: the exponent α of ((5 + length) / 6)^α; what the model was tuned for unless given.",
            valueName: "alpha"))
    var lengthPenalty: Double?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How much translations lose that leave words unread: the weight β of the coverage penalty; what the model was tuned for unless given.",
            valueName: "beta"))
    var coveragePenalty: Double?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many pieces in a row are never written a second time; repetitions are free unless given.",
            valueName: "pieces"))
    var repetitionBlock: Int?

    func validate() throws {
        if let beam, !SearchSettings.beamSizes.contains(beam) {
            throw ValidationError("--beam: expected 1 to 200, found \(beam)")
        }
        if let lengthPenalty, !SearchSettings.lengthPenalties.contains(lengthPenalty) {
            throw ValidationError("--length-penalty: expected -10 to 10, found \(lengthPenalty)")
        }
        if let coveragePenalty, !SearchSettings.coveragePenalties.contains(coveragePenalty) {
            throw ValidationError("--coverage-penalty: expected 0 to 100, found \(coveragePenalty)")
        }
        if let repetitionBlock, !(1...1000).contains(repetitionBlock) {
            throw ValidationError("--repetition-block: expected 1 to 1000, found \(repetitionBlock)")
        }
    }

    func apply(to options: inout TranslationOptions) {
        options.beamSize = beam
        options.lengthPenalty = lengthPenalty
        options.coveragePenalty = coveragePenalty
        options.repetitionBlock = repetitionBlock
    }
}
