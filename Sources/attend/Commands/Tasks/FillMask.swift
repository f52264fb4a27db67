import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct FillMask: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which words fit where a text leaves one out.",
        discussion: """
            The place of a word is written as the model writes it: [MASK] or <mask>. Without TEXT, each line of standard input is a \
            text. An answer is a line for each word: the word, a tab, its probability; a blank line parts several places.
            """)

    @Argument(help: "The texts.")
    var text: [String] = []
    @Option(parsing: .unconditional, help: "Words shown for each place, the likeliest first.")
    var top = 5
    @OptionGroup var options: TaskOptions

    private struct Answer: Encodable {
        struct Word: Encodable {
            let word: String
            let id: Int
            let probability: Float
        }
        let text: String
        let places: [[Word]]
    }

    func validate() throws {
        try options.attention.validate(count: text.count)
        guard top >= 1 else { throw ValidationError("--top: expected at least 1, found \(top)") }
    }

    func run() throws {
        var session = try TaskSession(options)
        let filler = try MaskFiller(path: options.model, adapters: options.adapter)
        try session.leaveOut(of: filler)
        try TextSource(arguments: text).forEachBatch { texts in
            for text in texts {
                let places = try session { try filler.fill(text, count: top, in: &$0) }
                if options.json {
                    let words = places.map {
                        $0.map { Answer.Word(word: $0.piece, id: $0.id, probability: $0.probability) }
                    }
                    try Results.print(try JSONEncoding.text(of: Answer(text: text, places: words)))
                } else {
                    let blocks = places.map { place in
                        place.map { $0.piece + "\t" + Double($0.probability).shown(4) }.joined(separator: "\n")
                    }
                    try Results.print(blocks.joined(separator: "\n\n"))
                }
            }
        }
        try session.finish()
    }
}
