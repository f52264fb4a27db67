import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Embed: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn texts into vectors that are near each other where the texts mean the like.",
        discussion:
            "Without TEXT, each line of standard input is a text. A vector is a line of numbers, or JSON with --json, or with --output a row of a matrix in a file."
    )

    @Argument(help: "The texts.")
    var text: [String] = []
    @Option(help: "The kind of texts these are, by the name of its prompt: query, passage, …")
    var prompt: String?
    @Option(
        help: ArgumentHelp(
            "Write all vectors as a matrix into this file, which ends in .npy (numpy) or .safetensors.",
            valueName: "file"))
    var output: String?
    @OptionGroup var options: TaskOptions

    private struct Answer: Encodable {
        let text: String
        let embedding: [Float]
    }

    func validate() throws {
        try options.attention.validate(count: text.count)
        guard let output else { return }
        if options.json { throw ValidationError("--output: expected no --json beside it, since it is no text") }
        try FileEnding.check(output, "--output", among: [".npy", ".safetensors"])
    }

    func run() throws {
        var session = try TaskSession(options)
        if let output { try AtomicFile.check(output) }
        let embedder = try TextEmbedder(path: options.model, adapters: options.adapter)
        try session.leaveOut(of: embedder)
        if let output {
            let matrix = try VectorFile(replacing: output)
            try TextSource(arguments: text).forEachBatch { texts in
                try matrix.append(try session { try embedder.embed(texts, prompt: prompt, in: &$0) })
            }
            try matrix.finish()
            return try session.finish()
        }
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

    func validate() throws { try options.attention.validate(count: 1 + others.count) }

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
                        : Double(likeness).shown(4) + "\t" + text)
            }
        }
        try session.finish()
    }
}
