import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct TokenizerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer", abstract: "Train a tokenizer.", subcommands: [TrainTokenizer.self])
}

struct TrainTokenizer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Learn byte-pair pieces from text and write a tokenizer.json.",
        discussion: "Both columns of the sentence pairs are learnt from, so that source and target share their pieces.")

    @Option(name: .customLong("train"), help: ArgumentHelp("Sentence pairs; may be repeated.", valueName: "tsv"))
    var trainingFiles: [String]
    @Option(help: ArgumentHelp("The tokenizer.json to write.", valueName: "file"))
    var output: String
    @Option(parsing: .unconditional, help: "How many pieces it shall have.")
    var size = 8000
    @Flag(help: "Lower-case all text, now and wherever the tokenizer is used.")
    var lowercase = false

    func validate() throws {
        if size < 1 { throw ValidationError("--size: expected at least 1, found \(size)") }
    }

    func run() throws {
        try AtomicFile.check(output)
        let pairs = try ParallelCorpus(reading: trainingFiles).pairs
        let trainer = BPETrainer(vocabularySize: size, isLowercasing: lowercase)
        let tokenizer = try trainer.train(on: pairs.lazy.flatMap { [$0.source, $0.target] })
        try tokenizer.write(to: output)
        Diagnostics.print("attend: \(tokenizer.count) pieces from \(2 * pairs.count) sentences in \(output)")
    }
}
