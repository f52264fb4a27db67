import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for what is wrong with a model's attention.",
        discussion: """
            Numbers that are none, heads that look at all alike, at one place or as another does, places that must not be looked at and are, \
            texts that change beside others, caches that remember something else than was read. Each finding is told with its likely cause \
            and the mend. MODEL is a folder or a GGUF file, or default for the model inside this program. The exit code is 1 if something \
            serious was found, 0 if not.
            """)

    @Argument(help: "What is examined.")
    var model: String
    @Option(
        help: ArgumentHelp(
            "Texts that it reads meanwhile, one a line; a few of our own unless given.", valueName: "file"))
    var data: String?
    @OptionGroup var choice: TranslatorOptions
    @Flag(help: "Write one JSON object per finding.")
    var json = false
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    /// More texts tell nothing new, and take their time.
    private static let textLimit = 64

    private struct Line: Encodable {
        let cause: String
        let isSerious: Bool
        let kind: AttentionFinding.Kind
        let observation: String
        let place: String
        let remedy: String

        init(_ finding: AttentionFinding) {
            (cause, isSerious, kind) = (finding.cause, finding.isSerious, finding.kind)
            (observation, place, remedy) = (finding.observation, finding.place, finding.remedy)
        }
    }

    func run() throws {
        threads.apply()
        let texts = try data.map { try TextFile.texts(of: $0, limit: Self.textLimit) } ?? AttentionDoctor.texts
        let model = try choice.traceableModel(at: model)
        func findings(in model: some TraceableModel) throws -> [AttentionFinding] {
            try AttentionDoctor().findings(in: model, texts: texts)
        }
        let found = try precision { try findings(in: model) }
        for finding in found {
            try Results.print(json ? try JSONEncoding.text(of: Line(finding)) : finding.paragraph)
        }
        let count = found.count(where: \.isSerious)
        if !json {
            try Results.print(
                count == 0
                    ? "nothing serious was found in \(texts.count) texts"
                    : "serious: \(count) of \(found.count) findings in \(texts.count) texts")
        }
        if count > 0 { throw ExitCode(1) }
    }
}

extension AttentionFinding {
    /// For people, in lines.
    fileprivate var paragraph: String {
        let place = place.isEmpty ? "" : place + ": "
        return "\(isSerious ? "serious" : "note"): \(place)\(observation)\n  cause: \(cause)\n  mend: \(remedy)"
    }
}
