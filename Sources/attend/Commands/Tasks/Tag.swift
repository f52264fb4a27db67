import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Tag: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the words of a text that are of a class: names, places, parts of speech.",
        discussion: """
            Without TEXT, each line of standard input is a text. Each find is a line: the words, a tab, the class, a tab, its \
            probability; a blank line ends a text of several.
            """)

    @Argument(help: "The texts.")
    var text: [String] = []
    @OptionGroup var options: TaskOptions

    private struct Answer: Encodable {
        struct Entity: Encodable {
            let label: String
            let score: Float
            let text: String
            let start: Int
            let end: Int
        }
        let text: String
        let entities: [Entity]
    }

    func validate() throws { try options.attention.validate(count: text.count) }

    func run() throws {
        var session = try TaskSession(options)
        let tagger = try TokenClassifier(path: options.model, adapters: options.adapter)
        try session.leaveOut(of: tagger)
        try TextSource(arguments: text).forEachBatch { texts in
            let answers = try session { try tagger.tag(texts, in: &$0) }
            for (text, entities) in zip(texts, answers) {
                if options.json {
                    let found = entities.map {
                        Answer.Entity(
                            label: $0.label, score: $0.score, text: $0.text, start: $0.range.lowerBound,
                            end: $0.range.upperBound)
                    }
                    try Results.print(try JSONEncoding.text(of: Answer(text: text, entities: found)))
                } else {
                    for entity in entities {
                        try Results.print("\(entity.text)\t\(entity.label)\t\(Double(entity.score).shown(4))")
                    }
                    if self.text.count != 1 { try Results.print() }
                }
            }
        }
        try session.finish()
    }
}
