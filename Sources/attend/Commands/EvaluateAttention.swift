import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct EvaluateAttention: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attention",
        abstract: "Say how far the attention of models is from that of the model they were made of.",
        discussion: """
            The drift is the mean KL divergence of where a head looks now from where it looked before, in nats, over heads and places. Each line of \
            --test is a text; for models that write, two with a tab between them. Heads that attend prune has taken out are left out of the mean. \
            --model may be repeated.
            """)

    @Option(help: ArgumentHelp("The folder of the model as it was.", valueName: "dir"))
    var before: String
    @Option(
        name: .customLong("model"),
        help: ArgumentHelp(
            "The folder of a model made of it: in fewer bits, pruned or trained further.", valueName: "dir"))
    var models: [String]
    @Option(name: .customLong("test"), help: ArgumentHelp("Lines to read; may be repeated.", valueName: "file"))
    var testFiles: [String]
    @Option(parsing: .unconditional, help: ArgumentHelp("How many lines are read at most.", valueName: "count"))
    var limit = 50
    @OptionGroup var measuring: MeasuringOptions

    private struct Answer: Encodable {
        let model: String
        let drift: Double
        let heads: [String: [[Double]]]
    }

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit: expected at least 1 line, found \(limit)") }
    }

    func run() throws {
        measuring.threads.apply()
        let lines = try testFiles.flatMap { TextLines.of(try CorpusFile(reading: $0).text()) }
            .filter { !$0.allSatisfy(\.isWhitespace) }
        for model in models {
            let drift = try measuring {
                try AttentionDrift(before: before, after: model, lines: lines, limit: limit)
            }
            if measuring.json {
                let answer = Answer(model: model, drift: drift.mean, heads: drift.heads)
                try Results.print(try JSONEncoding.text(of: answer))
            } else {
                try print(drift, of: model)
            }
        }
    }

    private func print(_ drift: AttentionDrift, of model: String) throws {
        if models.count > 1 { try Results.print(model) }
        for (kind, layers) in drift.heads.sorted(by: { $0.key < $1.key }) {
            let heads = layers.flatMap(\.self)
            let mean = heads.reduce(0, +) / Double(max(1, heads.count))
            try Results.print("\(kind)\t\(mean.shown(6))\t\(heads.count) heads")
        }
        try Results.print("attention drift\t\(drift.mean.shown(6))\tnats a head")
    }
}

extension AttentionDriftError: DataFault {}
