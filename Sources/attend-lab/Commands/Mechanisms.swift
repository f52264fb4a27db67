import ArgumentParser
import Attention
import AttentionCatalogue
import AttentionCommand
import AttentionFiles
import AttentionLaboratory
import AttentionOperators

struct Mechanisms: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look up attention mechanisms: formula, picture, cost, source, use.",
        discussion: "Without a name, lists all of them.")

    @Argument(help: ArgumentHelp("What to look up.", valueName: "mechanism"))
    var names: [String] = []
    @Option(help: "The words that pictures show.")
    var sentence = Encyclopedia.sentence
    @Option(
        help: ArgumentHelp("Print all of them as Markdown, with pictures from that folder.", valueName: "pictures"))
    var markdown: String?
    @Option(help: ArgumentHelp("Write all of them there, as Markdown with pictures.", valueName: "dir"))
    var output: String?
    @Option(
        help: ArgumentHelp(
            "Write where the one mechanism that is named looks: a page to look into (.html), or a trace that attend inspect --trace reads (.safetensors).",
            valueName: "file"))
    var inspect: String?

    func validate() throws {
        guard let inspect else { return }
        guard names.count == 1, output == nil, markdown == nil else {
            throw ValidationError("--inspect: expected one mechanism, and no --output or --markdown")
        }
        try FileEnding.check(inspect, "--inspect", among: Self.traceEndings)
    }

    private static let traceEndings = [".html", ".safetensors"]

    func run() throws {
        if let output { return try write(to: output) }
        if let markdown { return try Results.print(Encyclopedia.markdown(pictureFolder: markdown), terminator: "") }
        guard !names.isEmpty else {
            for entry in Catalogue.complete.entries { try Results.print("\(entry.name)\t\(entry.title)") }
            return
        }
        let entries = try names.map { try Catalogue.complete.entry(named: $0) }
        let encyclopedia = try makeEncyclopedia()
        if let inspect { return try write(encyclopedia.trace(of: entries[0]), to: inspect) }
        for entry in entries {
            try Results.print(entry.text, terminator: "\n\n")
            guard let picture = try encyclopedia.picture(of: entry) else { continue }
            try Results.print(TextRenderer(style: Terminal.shading, width: Terminal.width).render(picture))
        }
    }

    private func makeEncyclopedia() throws -> Encyclopedia {
        Encyclopedia(try ExampleMaterial(sentence: sentence, translator: .standard()))
    }

    private func write(_ trace: ModelTrace?, to path: String) throws {
        guard let trace else {
            throw ValidationError("--inspect: expected a mechanism with a picture, found \(names[0])")
        }
        if FileEnding.of(path, among: Self.traceEndings) == ".html" {
            try AtomicFile.write(Array(HTMLRenderer().render(trace).utf8), to: path)
        } else {
            try trace.write(to: path)
        }
    }

    /// `mechanisms.md` and a picture each.
    private func write(to folder: String) throws {
        let encyclopedia = try makeEncyclopedia()
        try Directory.create(folder + "/mechanisms")
        for entry in Catalogue.complete.entries {
            guard let picture = try encyclopedia.picture(of: entry) else { continue }
            let svg = Figure(picture).svg
            try AtomicFile.write(Array(svg.utf8), to: "\(folder)/mechanisms/\(entry.name).svg")
        }
        let markdown = Encyclopedia.markdown(pictureFolder: "mechanisms")
        try AtomicFile.write(Array(markdown.utf8), to: folder + "/mechanisms.md")
    }
}
