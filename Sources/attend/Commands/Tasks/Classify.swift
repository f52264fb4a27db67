import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which class texts are of.",
        discussion:
            "Without TEXT, each line of standard input is a text. An answer is a line: the class, a tab, its probability."
    )

    @Argument(help: "The texts.")
    var text: [String] = []
    @Option(parsing: .unconditional, help: "Classes shown for each text, the likeliest first.")
    var top = 1
    @OptionGroup var options: TaskOptions

    private struct Answer: Encodable {
        struct Class: Encodable {
            let label: String
            let score: Float
        }
        let text: String
        let classes: [Class]
    }

    func validate() throws {
        try options.attention.validate(count: text.count)
        guard top >= 1 else { throw ValidationError("--top: expected at least 1, found \(top)") }
    }

    func run() throws {
        var session = try TaskSession(options)
        let classifier = try TextClassifier(path: options.model, adapters: options.adapter)
        try session.leaveOut(of: classifier)
        try TextSource(arguments: text).forEachBatch { texts in
            let answers = try session { try classifier.classify(texts, in: &$0) }
            for (text, labels) in zip(texts, answers) {
                let best = labels.prefix(top)
                try Results.print(
                    options.json
                        ? try JSONEncoding.text(
                            of: Answer(text: text, classes: best.map { .init(label: $0.label, score: $0.score) }))
                        : best.map { $0.label + "\t" + Double($0.score).shown(4) }.joined(separator: "\n"))
            }
        }
        try session.finish()
    }
}
