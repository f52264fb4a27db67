public import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct EvaluateLanguage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "language", abstract: "Say how well a language model reads on, by how much it has read.",
        discussion: """
            Texts are cut into blocks of --length tokens, which may be more than the model was trained on. A line is a range of places, a tab, \
            the perplexity of the tokens behind so many others, a tab, their number. Positions that are sinusoids go on, rotary ones as \
            --rope-stretch says, ALiBi as it is; learned ones have an end.
            """)

    @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
    var model: String
    @Option(
        name: .customLong("test"), help: ArgumentHelp("A text, each file a whole; may be repeated.", valueName: "file"))
    var testFiles: [String]
    @Option(parsing: .unconditional, help: ArgumentHelp("How many tokens are read in a row.", valueName: "count"))
    var length: Int
    @Option(parsing: .unconditional, help: ArgumentHelp("How many places are taken together.", valueName: "count"))
    var bucket = 64
    @Option(
        help: """
            How rotary positions are stretched beyond the length of training: \
            \(RotaryStretch.allCases.map(\.rawValue).joined(separator: ", ")).
            """)
    var ropeStretch = RotaryStretch.none
    @OptionGroup var measuring: MeasuringOptions

    private struct Answer: Encodable {
        let length: Int
        let ropeStretch: String
        let buckets: [LanguageEvaluation.Bucket]
    }

    func validate() throws {
        guard 2...1 << 20 ~= length else {
            throw ValidationError("--length: expected 2 to \(1 << 20) tokens, found \(length)")
        }
        guard bucket >= 1 else { throw ValidationError("--bucket: expected at least 1 place, found \(bucket)") }
    }

    func run() throws {
        measuring.threads.apply()
        let texts = try testFiles.map { try CorpusFile(reading: $0).text() }
        let evaluation = try LanguageEvaluation(path: model, length: length, stretching: ropeStretch)
        let found = try measuring {
            try evaluation.run(on: texts, bucketSize: bucket) {
                Diagnostics.printStatus("read \($0) of \($1) blocks")
            }
        }
        if measuring.json {
            let answer = Answer(length: length, ropeStretch: ropeStretch.rawValue, buckets: found)
            return try Results.print(try JSONEncoding.text(of: answer))
        }
        for bucket in found {
            try Results.print("\(bucket.start)–\(bucket.end)\t\(bucket.perplexity.shown(4))\t\(bucket.tokenCount)")
        }
    }
}

extension RotaryStretch: ExpressibleByArgument {}
