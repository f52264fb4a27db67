import ArgumentParser
import Attention
import AttentionCommand

struct Snapshot: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keep where a model looks, for attend verify.",
        discussion: """
            A folder with the attention of each text, and how far it may move. Of a translator, what it writes is kept, too, so that the same \
            words are compared later. Each N.safetensors in it is a trace, which attend inspect --trace shows.
            """)

    @Argument(help: "What the model reads; several arguments are several texts.")
    var texts: [String] = []
    @Option(help: ArgumentHelp("More texts, one a line.", valueName: "path"))
    var file: String?
    @OptionGroup var model: ModelOptions
    @OptionGroup var choice: TranslatorOptions
    @Option(help: "The layers that are kept, from 1: 1,3-5; all unless given.")
    var layers: IndexList?
    @Option(help: "The heads of each that are kept, from 1; all unless given.")
    var heads: IndexList?
    @Option(parsing: .unconditional, help: "How far a weight may move before attend verify fails.")
    var tolerance: Float = 0.02
    @Option(help: ArgumentHelp("The folder.", valueName: "folder"))
    var output: String
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    /// A snapshot is for a glance at every commit.
    static let textLimit = 1000

    func validate() throws {
        guard !texts.isEmpty || file != nil else { throw ValidationError("expected TEXT or --file, found neither") }
        guard tolerance >= 0, tolerance <= 1 else {
            throw ValidationError("--tolerance: expected a number from 0 to 1, found \(tolerance)")
        }
    }

    func run() throws {
        threads.apply()
        let texts = try self.texts + (file.map { try TextFile.texts(of: $0, limit: Self.textLimit) } ?? [])
        let heads = AttentionSelection(layers: layers?.indices, heads: heads?.indices)
        func snapshot(of model: some TraceableModel) throws -> AttentionSnapshot {
            try AttentionSnapshot(
                of: model, reading: texts.map { AttentionSnapshot.Text($0) }, heads: heads, tolerance: tolerance)
        }
        let model = try choice.traceableModel(at: model.model ?? "default")
        try precision { try snapshot(of: model) }.write(to: output)
        try Results.print("kept the attention of \(texts.count) \(texts.count == 1 ? "text" : "texts") in \(output)")
    }
}

extension TranslatorOptions {
    /// A model that can be looked into: a folder or a file, or `default` for the one inside this program.
    func traceableModel(at path: String) throws -> any TraceableModel {
        path == "default" ? try translator(of: path) : try TraceableModels.model(at: path, choice)
    }
}

extension SnapshotError: DataFault {}
