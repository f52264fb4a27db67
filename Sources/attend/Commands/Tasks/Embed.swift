import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn texts into vectors that are near each other where the texts mean the like.",
        discussion:
            "Without TEXT, each line of standard input is a text. A vector is a line of numbers, or JSON with --json.")

    @Argument(help: "The texts.")
    var text: [String] = []
    @Option(help: "The kind of texts these are, by the name of its prompt: query, passage, …")
    var prompt: String?
    @OptionGroup var options: TaskOptions

    private struct Answer: Encodable {
        let text: String
        let embedding: [Float]
    }

    func run() throws {
        var session = try TaskSession(options)
        let embedder = try TextEmbedder(path: options.model, adapters: options.adapter)
        try session.leaveOut(of: embedder)
        try TextSource(arguments: text).forEachBatch { texts in
            let vectors = try session { try embedder.embed(texts, prompt: prompt, in: &$0) }
            for (text, vector) in zip(texts, vectors) {
                try Results.print(
                    options.json
                        ? try JSONEncoding.text(of: Answer(text: text, embedding: vector))
                        : vector.map(\.description).joined(separator: " "))
            }
        }
        try session.finish()
    }
}

struct Similarity: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how alike texts are in meaning: the cosine of their vectors.",
        discussion:
            "The first text is compared with each of the others, which are lines of standard input unless given.")

    @Argument(help: "What the others are compared with.")
    var text: String
    @Argument(help: "The others.")
    var others: [String] = []
    @OptionGroup var options: TaskOptions

    private struct Answer: Encodable {
        let text: String
        let similarity: Float
    }

    func run() throws {
        var session = try TaskSession(options)
        let embedder = try TextEmbedder(path: options.model, adapters: options.adapter)
        try session.leaveOut(of: embedder)
        let first = try session { try embedder.embed([text], in: &$0) }[0]
        try TextSource(arguments: others).forEachBatch { texts in
            let vectors = try session { try embedder.embed(texts, in: &$0) }
            for (text, vector) in zip(texts, vectors) {
                let likeness = embedder.similarity(first, vector)
                try Results.print(
                    options.json
                        ? try JSONEncoding.text(of: Answer(text: text, similarity: likeness))
                        : Double(likeness).decimals(4) + "\t" + text)
            }
        }
        try session.finish()
    }
}
