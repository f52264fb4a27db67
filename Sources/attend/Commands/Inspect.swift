public import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look inside: where the heads of a model look when it reads a text, or makes one of it.",
        discussion: """
            TEXT goes through the model inside this program, or that of --model: a translator, a text encoder, a language model, an encoder \
            with a decoder. --format html is a page that shows everything, in any browser, without a network. The other formats show one \
            view: alignment (a matrix: the chosen head, or the mean of those asked for), heads (lines between tokens, a colour for each \
            head of a layer), model (all heads of all layers), rollout (what of each token reaches each place through all layers), flow (what \
            could pass, each way as wide as its narrowest part), arcs (over a text that looks at itself), pair (how much each head gives from \
            --word to --looks-at), entropy (how widely each head spreads). Layers and heads are counted from 1.
            """)

    @Argument(help: "What the model reads.")
    var text: String?
    @Option(
        help: ArgumentHelp("Show a trace that --format trace wrote, instead of a text.", valueName: "file.safetensors"))
    var trace: String?
    @Option(
        name: .customLong("and"),
        help: ArgumentHelp(
            "A second text: of encoders the pair of TEXT, of language models what follows it, of others what is to have been written.",
            valueName: "text"))
    var second: String?
    @OptionGroup var model: ModelOptions
    @OptionGroup var choice: TranslatorOptions
    @Option(help: "What is shown: alignment, heads, model, rollout, flow, arcs, pair or entropy.")
    var view = TraceView.alignment
    @Option(help: "Who looks at whom: encoder, decoder or cross; cross where there is such, unless given.")
    var kind: TracedAttention.Kind?
    @Option(help: "The layers that are looked into, from 1: 1,3-5; all unless given.")
    var layers: IndexList?
    @Option(help: "The heads of each that are looked into, from 1; all unless given.")
    var heads: IndexList?
    @Flag(help: "Join pieces into words.")
    var words = false
    @Flag(help: "Leave special tokens out.")
    var noSpecial = false
    @Option(
        help: """
            terminal, svg, html, json, pdf, or trace (safetensors: see docs/inspector.md); by the ending of --output unless given, terminal \
            without either.
            """)
    var format: InspectionFormat?
    @Option(help: ArgumentHelp("Where it goes; standard output unless given.", valueName: "file"))
    var output: String?
    @OptionGroup var ablation: AblationOptions
    @Flag(
        help: """
            Say whether the picture may be believed: attention beside leaving words out, gradients and integrated gradients, and what \
            leaving out each head changes.
            """)
    var faithfulness = false
    @Option(
        help:
            "The word that looks: whose lines --view heads shows alone, of --view pair, whose rows --faithfulness compares alone."
    )
    var word: String?
    @Option(
        help: ArgumentHelp(
            "The word that heads are asked about, by --view pair and --faithfulness.", valueName: "word"))
    var looksAt: String?
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        guard (text == nil) != (trace == nil) else {
            throw ValidationError("expected either TEXT or --trace FILE, found \(text == nil ? "neither" : "both")")
        }
        if trace != nil, second != nil || model.model != nil || layers != nil || heads != nil || ablation.ablate != nil
        {
            throw ValidationError(
                "--trace: expected no --and, --model, --layers, --heads or --ablate beside it: what it holds was chosen then"
            )
        }
        try validateFocus()
        let format = try chosenFormat()
        if faithfulness, trace != nil || format == .trace {
            throw ValidationError("--faithfulness: expected TEXT and a model, and no --trace or --format trace")
        }
        guard !format.isBinary || output != nil else {
            throw ValidationError("--format \(format.rawValue): expected --output FILE, since it is no text")
        }
        if format == .terminal, [.heads, .model, .arcs].contains(view) {
            throw ValidationError(
                "--view \(view.rawValue): expected --format svg, html, json, pdf or trace; the terminal shows alignment, rollout, flow, pair and "
                    + "entropy"
            )
        }
    }

    private func validateFocus() throws {
        if word != nil, !faithfulness, view != .heads, view != .pair {
            throw ValidationError("--word: expected --faithfulness, --view heads or --view pair beside it")
        }
        if looksAt != nil, !faithfulness, view != .pair {
            throw ValidationError("--looks-at: expected --faithfulness or --view pair beside it")
        }
        if view == .pair, word == nil || looksAt == nil {
            throw ValidationError("--view pair: expected --word and --looks-at, the words it is about")
        }
    }

    func run() throws {
        threads.apply()
        if let output { try AtomicFile.check(output) }
        if let trace { return try write(try ModelTrace(path: trace), nil) }
        try precision { try inspect(text ?? "") }
    }

    private func inspect(_ text: String) throws {
        let path = model.model ?? "default"
        let model: any TraceableModel =
            path == "default"
            ? try choice.translator(of: path) : try TraceableModels.model(at: path, choice.choice)
        func inspect(_ model: some TraceableModel) throws {
            try ablation(of: model) {
                let trace = try model.trace(
                    text, and: second, heads: AttentionSelection(layers: layers?.indices, heads: heads?.indices))
                guard faithfulness else { return try write(trace, nil) }
                let question = FaithfulnessQuestion(
                    try kind ?? trace.firstKind(for: view), grain, word: word, target: looksAt)
                try write(trace, try model.faithfulness(of: trace, text, and: second, question))
            }
        }
        try inspect(model)
    }

    private var grain: ModelTrace.Grain { ModelTrace.Grain(joinsWords: words, showsSpecial: !noSpecial) }

    private func write(_ trace: ModelTrace, _ faithfulness: Faithfulness?) throws {
        let format = try chosenFormat()
        if case .trace = format {
            if let output { try trace.write(to: output) }
            return
        }
        let bytes = try format.bytes(
            of: trace, view, try kind ?? trace.firstKind(for: view), grain, TraceFocus(word: word, target: looksAt),
            faithfulness)
        if let output {
            try AtomicFile.write(bytes, to: output)
        } else {
            try Results.print(String(decoding: bytes, as: UTF8.self), terminator: "")
        }
    }

    private func chosenFormat() throws(ValidationError) -> InspectionFormat {
        if let format { return format }
        guard let output else { return .terminal }
        guard let format = InspectionFormat(ending: output) else {
            throw ValidationError(
                "--output: expected a file ending in .svg, .html, .json, .pdf, .txt or .safetensors, or --format, found \(output)"
            )
        }
        return format
    }
}

/// In what form a trace is shown.
enum InspectionFormat: String, ExpressibleByArgument, CaseIterable {
    case terminal, svg, html, json, pdf, trace

    /// The form that the ending of a file's name tells.
    init?(ending path: String) {
        switch path.split(separator: ".").last?.lowercased() {
        case "txt": self = .terminal
        case "svg": self = .svg
        case "html", "htm": self = .html
        case "json": self = .json
        case "pdf": self = .pdf
        case "safetensors": self = .trace
        default: return nil
        }
    }

    /// Whether it is not text.
    var isBinary: Bool { self == .pdf || self == .trace }

    /// What is written.
    func bytes(
        of trace: ModelTrace, _ view: TraceView, _ kind: TracedAttention.Kind, _ grain: ModelTrace.Grain,
        _ focus: TraceFocus, _ faithfulness: Faithfulness?
    ) throws -> [UInt8] {
        func figure() throws -> Figure {
            let figure = try trace.figure(view, of: kind, grain, focus: focus)
            return faithfulness.map { figure.captioned($0.lines) } ?? figure
        }
        return switch self {
        case .terminal:
            Array(
                (try Self.lines(of: trace, view, kind, grain, focus) + (faithfulness.map { "\n" + $0.text() } ?? ""))
                    .utf8)
        case .svg: Array(try figure().svg.utf8)
        case .html: Array(HTMLRenderer().render(trace, notes: faithfulness?.lines ?? []).utf8)
        case .json: Array(try (faithfulness?.json ?? JSONRenderer().render(try trace.map(of: kind, grain))).utf8)
        case .pdf: try figure().pdf()
        case .trace: []
        }
    }

    /// What a terminal shows.
    private static func lines(
        of trace: ModelTrace, _ view: TraceView, _ kind: TracedAttention.Kind, _ grain: ModelTrace.Grain,
        _ focus: TraceFocus
    ) throws -> String {
        guard view == .entropy || view == .pair else {
            let matrix = try trace.matrix(view, of: kind, grain)
            return matrix.name + "\n\n"
                + TextRenderer(style: Terminal.shading, width: Terminal.width).render(matrix)
        }
        let (map, numbers) = (
            try trace.map(of: kind, grain), try trace.headNumbers(view, of: kind, grain, focus)
        )
        let rows = zip(map.layerNames ?? [], numbers).map { layer, numbers in
            "layer \(layer)\t" + numbers.map { $0.fixedPoint(digits: 2) }.joined(separator: "\t") + "\n"
        }
        let title = trace.title(of: view, kind, focus)
        return ([title + "\n\n", "\t" + (map.headNames ?? []).joined(separator: "\t") + "\n"] + rows).joined()
    }
}

extension ModelTrace {
    /// Where a look is most wanted: from what is written to its source; for what goes through layers, at the text itself.
    fileprivate func firstKind(for view: TraceView) throws -> TracedAttention.Kind {
        let wanted: [TracedAttention.Kind] =
            [.rollout, .flow, .arcs].contains(view) ? [.encoder, .decoder] : [.cross, .encoder, .decoder]
        let found = wanted.first { kind in attention.contains { $0.kind == kind } }
        return found ?? attention[0].kind
    }
}

extension TraceView: ExpressibleByArgument {}
extension TracedAttention.Kind: ExpressibleByArgument {}
extension TraceError: DataFault {}
extension FigureError: DataFault {}
extension FaithfulnessError: DataFault {}
