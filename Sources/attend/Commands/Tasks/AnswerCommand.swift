import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct AnswerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Find where a text answers a question.",
        discussion: """
            Without QUESTION, each line of standard input is a question. A context longer than the model reads is taken in windows that \
            overlap. An answer is a line: the words, a tab, their probability.
            """)

    @Argument(help: "The questions.")
    var question: [String] = []
    @Option(
        help: ArgumentHelp(
            "The text that answers: a file of that name if there is one, else the text itself.", valueName: "file|text")
    )
    var context: String
    @Option(parsing: .unconditional, help: "Answers shown for each question, the likeliest first.")
    var top = 1
    @OptionGroup var options: TaskOptions

    private struct Answer: Encodable {
        struct Span: Encodable {
            let text: String
            let score: Float
            let start: Int
            let end: Int
        }
        let question: String
        let answers: [Span]
    }

    func validate() throws {
        try options.attention.validate(count: question.count)
        guard top >= 1 else { throw ValidationError("--top: expected at least 1, found \(top)") }
    }

    func run() throws {
        var session = try TaskSession(options)
        let answerer = try QuestionAnswerer(path: options.model, adapters: options.adapter)
        try session.leaveOut(of: answerer)
        let context = try text(of: self.context)
        try TextSource(arguments: question).forEachBatch { questions in
            for question in questions {
                let found = try session { try answerer.answer(question, context: context, count: top, in: &$0) }
                if options.json {
                    let spans = found.map {
                        Answer.Span(
                            text: $0.text, score: $0.score, start: $0.range.lowerBound, end: $0.range.upperBound)
                    }
                    try Results.print(try JSONEncoding.text(of: Answer(question: question, answers: spans)))
                } else {
                    let lines = found.map { $0.text + "\t" + Double($0.score).shown(4) }
                    try Results.print(lines.joined(separator: "\n"))
                }
            }
        }
        try session.finish()
    }

    private func text(of context: String) throws -> String {
        if Directory.exists(context) { return try TextFile.text(of: context) }
        if !context.contains(where: \.isWhitespace), context.contains("/") || context.dropLast().contains(".") {
            Diagnostics.print("attend: there is no file \(context); the name itself was taken for the context")
        }
        return context
    }
}
