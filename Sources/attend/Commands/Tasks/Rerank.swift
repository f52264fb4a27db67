import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Rerank: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put documents in order by how well they answer a query, with a cross-encoder.",
        discussion: "Without DOCUMENT, each line of standard input is a document.")

    @Argument(help: "What is asked.")
    var query: String
    @Argument(help: "What may answer it.")
    var document: [String] = []
    @OptionGroup var options: TaskOptions

    private struct Answer: Encodable {
        let index: Int
        let score: Float
        let text: String
    }

    func validate() throws { try options.attention.validate(count: document.count) }

    func run() throws {
        var session = try TaskSession(options)
        let reranker = try Reranker(path: options.model, adapters: options.adapter)
        try session.leaveOut(of: reranker)
        let documents = try TextSource(arguments: document).all()
        for ranked in try session({ try reranker.rank(query, documents, in: &$0) }) {
            let text = documents[ranked.index]
            try Results.print(
                options.json
                    ? try JSONEncoding.text(of: Answer(index: ranked.index, score: ranked.score, text: text))
                    : Double(ranked.score).shown(4) + "\t" + text)
        }
        try session.finish()
    }
}
