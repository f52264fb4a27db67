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
            could pass, each way as wide as its narrowest part), arcs (over a text that looks at itself), segments (what is read together), overlay (weights \
            over the picture or the spectrogram that a trace of label, caption, detect or transcribe has), pair (how much each head gives from \
            --word to --looks-at), neuron (how the score of that pair comes about in one head, dimension by dimension), reasons (the same by what \
            the two words have read: their tokens, their positions, earlier layers), entropy (how widely each head spreads), map (every \
            head over TEXT or the lines of --file: how widely, how far, how much at the first token). Layers and heads are counted from 1. \
            --beside and --beside-model put two texts or two models side by side.
            """)

    @Argument(help: "What the model reads.")
    var text: String?
    @Option(
        help: ArgumentHelp(
            "Show a trace that --format trace wrote, or replay those that attend train translation --trace left in a folder, instead of a text.",
            valueName: "path"))
    var trace: String?
    @Option(help: ArgumentHelp("Texts for --view map, one a line, instead of TEXT.", valueName: "path"))
    var file: String?
    @Option(
        help: ArgumentHelp(
            "Translations of the lines of --file, which the model is made to write; the heads of --view map are compared with which words belong together.",
            valueName: "path"))
    var target: String?
    @Option(
        help: ArgumentHelp(
            "Which words of --file and --target belong together, i-j a line for each pair, as attend align writes and people do; a statistical aligner says it unless given.",
            valueName: "path"))
    var gold: String?
    @Option(parsing: .unconditional, help: "The number of the first word in --gold: 0 or 1.")
    var goldFrom = 0
    @Option(
        name: .customLong("and"),
        help: ArgumentHelp(
            "A second text: of encoders the pair of TEXT, of language models what follows it, of others what is to have been written.",
            valueName: "text"))
    var second: String?
    @Option(
        help: ArgumentHelp(
            "A text beside TEXT: what the model does with either stands side by side.", valueName: "text"))
    var beside: String?
    @Option(
        help: ArgumentHelp(
            "A model beside that of --model: what either does with TEXT, or with TEXT and that of --beside, stands side by side.",
            valueName: "folder"))
    var besideModel: String?
    @OptionGroup var model: ModelOptions
    @OptionGroup var choice: TranslatorOptions
    @Option(
        help:
            "What is shown: alignment, heads, model, rollout, flow, arcs, segments, overlay, pair, neuron, reasons, entropy or map."
    )
    var view = InspectionView.trace(.alignment)
    @Option(help: "Who looks at whom: encoder, decoder or cross; cross where there is such, unless given.")
    var kind: TracedAttention.Kind?
    @Option(help: "The layers that are looked into, from 1: 1,3-5; all unless given.")
    var layers: IndexList?
    @Option(help: "The heads of each that are looked into, from 1; all unless given.")
    var heads: IndexList?
    @Option(
        help: ArgumentHelp(
            "The tokens that look of which rows are kept, from 1: 3,5-8, in the attention of --kind alone; all unless given. --view overlay has a panel for each, of all their mean.",
            valueName: "places"))
    var rows: IndexList?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many of the greatest weights of each row are kept, in the attention of --kind alone; all unless given.",
            valueName: "count"))
    var top: Int?
    @Option(
        help: """
            What is shown of attention: probability; value-weighted, by the norm of what comes through; or gradient, by how far looking there \
            raised the outcome.
            """)
    var weights = TraceWeights.probability
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Hypotheses that the search keeps by which an encoder with a decoder writes; what the model was tuned for unless given.",
            valueName: "count"))
    var beam: Int?
    @Flag(help: "Join pieces into words.")
    var words = false
    @Flag(help: "Leave special tokens out.")
    var noSpecial = false
    @Option(
        help: """
            terminal, svg, html, json, pdf, png (with librsvg, where that is installed), or trace (safetensors: see docs/inspector.md); by the \
            ending of --output unless given, terminal without either.
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
            "The word that looks: whose lines --view heads shows alone, whose panel --view overlay, of --view pair, neuron and reasons, whose rows --faithfulness compares alone."
    )
    var word: String?
    @Option(
        help: ArgumentHelp(
            "The word that heads are asked about, by --view pair, neuron, reasons and --faithfulness.",
            valueName: "word"))
    var looksAt: String?
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    func run() throws {
        threads.apply()
        if let output { try AtomicFile.check(output) }
        if let trace {
            guard isReplay else { return try write(try kept(of: try ModelTrace(path: trace)), nil) }
            return try write(Array(HTMLRenderer().render(try replay(of: trace)).utf8))
        }
        if let file, let target { return try precision { try compareMap(file, target) } }
        let texts = try file.map { try TextFile.texts(of: $0, limit: Self.textLimit) } ?? [text ?? ""]
        try precision { try isBeside ? inspectBeside(texts[0]) : inspect(texts) }
    }

    /// Whether what is shown lies in a folder.
    var isReplay: Bool { trace.map(Directory.isDirectory) ?? false }

    /// What training has left: the mean of each layer, unless heads were chosen.
    private func replay(of folder: String) throws -> TraceReplay {
        let whole = try TrainingTraces(path: folder).replay().keeping(layers: layers?.indices, heads: heads?.indices)
        return heads == nil ? whole.averagingHeads() : whole
    }

    /// A map needs no more to be one.
    static let textLimit = 1000

    private func inspect(_ texts: [String]) throws {
        let text = texts[0]
        let model = try opened(model.model ?? "default")
        func inspect(_ model: some TraceableModel) throws {
            try ablation(of: model) {
                if view == .neuron { return try write(try neurons(of: model, reading: text)) }
                if view == .map { return try writeMap(of: model, reading: texts) }
                if view == .reasons { return try writeReasons(of: model, reading: text) }
                let trace = try traced(by: model, text)
                guard faithfulness else { return try write(trace, nil) }
                let question = FaithfulnessQuestion(
                    try kind ?? trace.firstKind(for: traceView), grain, word: word, target: looksAt)
                try write(trace, try model.faithfulness(of: trace, text, and: second, question))
            }
        }
        try inspect(model)
    }

    /// A model, which writes by the search that is asked for.
    private func opened(_ path: String) throws -> any TraceableModel {
        let model = try choice.traceableModel(at: path)
        guard let beam else { return model }
        guard let searching = model.searching(beamSize: beam) else {
            throw PretrainedError.wrongTask(
                needed: "an encoder and a decoder, which --beam is for,", found: "no such pair", folder: path)
        }
        return searching
    }

    /// Whether two traces are shown.
    var isBeside: Bool { beside != nil || besideModel != nil }

    private func inspectBeside(_ text: String) throws {
        let model = try opened(model.model ?? "default")
        let other = try besideModel.map(opened) ?? model
        let traces = (
            try ablation(of: model) { try traced(by: model, text) },
            beside: try ablation(of: other) { try traced(by: other, beside ?? text) }
        )
        let kinds = (
            try kind ?? traces.0.firstKind(for: traceView), beside: try kind ?? traces.beside.firstKind(for: traceView)
        )
        try write(try chosenFormat().bytes(of: traces, traceView, kinds, grain, focus))
    }

    private func traced(by model: some TraceableModel, _ text: String) throws -> ModelTrace {
        try kept(
            of: try model.trace(
                text, and: second, heads: AttentionSelection(layers: layers?.indices, heads: heads?.indices),
                weights: weights))
    }

    /// What --rows and --top keep of a trace. Panels of an overlay are chosen where they are drawn, since a place of a picture looks from where it stands.
    private func kept(of trace: ModelTrace) throws -> ModelTrace {
        let rows = try hasPanels ? nil : rows?.indices
        guard rows != nil || top != nil else { return trace }
        return try trace.keeping(try kind ?? trace.firstKind(for: traceView), rows: rows, top: top)
    }

    /// Whether an overlay is drawn; a page shows everything, and a trace holds it.
    private var hasPanels: Bool {
        get throws {
            let format = try chosenFormat()
            return traceView == .overlay && format != .html && format != .trace
        }
    }

    private func neurons(of model: some TraceableModel, reading text: String) throws -> NeuronPair {
        let head = HeadIndex(layer: layers?.indices.first ?? 0, head: heads?.indices.first ?? 0)
        return try model.neurons(of: head, kind ?? ownKind(of: model), focus, grain, in: text, and: second)
    }

    /// What a text makes of itself, unless told otherwise.
    private func ownKind(of model: some TraceableModel) -> TracedAttention.Kind {
        model.heads[.encoder].isEmpty ? .decoder : .encoder
    }

    private func writeReasons(of model: some TraceableModel, reading text: String) throws {
        let (trace, reasons) = try model.reasons(
            of: AttentionSelection(layers: layers?.indices, heads: heads?.indices), kind ?? ownKind(of: model), focus,
            grain, in: text, and: second)
        try write(try chosenFormat().bytes(of: reasons, in: trace))
    }

    private var traceView: TraceView {
        if case .trace(let view) = view { view } else { .alignment }
    }

    private var focus: TraceFocus { TraceFocus(word: word, target: looksAt, rows: rows?.indices) }

    private var grain: ModelTrace.Grain { ModelTrace.Grain(joinsWords: words, showsSpecial: !noSpecial) }

    private func write(_ trace: ModelTrace, _ faithfulness: Faithfulness?) throws {
        let format = try chosenFormat()
        if case .trace = format {
            if let output { try trace.write(to: output) }
            return
        }
        try write(
            try format.bytes(
                of: trace, traceView, try kind ?? trace.firstKind(for: traceView), grain, focus, faithfulness))
    }

    private func write(_ pair: NeuronPair) throws { try write(try chosenFormat().bytes(of: pair)) }

    func write(_ bytes: [UInt8]) throws {
        if let output {
            try AtomicFile.write(bytes, to: output)
        } else {
            try Results.print(String(decoding: bytes, as: UTF8.self), terminator: "")
        }
    }

    func chosenFormat() throws(ValidationError) -> InspectionFormat {
        if let format { return format }
        guard let output else { return .terminal }
        guard let format = InspectionFormat(ending: output) else {
            throw ValidationError(
                "--output: expected a file ending in .svg, .html, .json, .pdf, .png, .txt or .safetensors, or --format, found \(output)"
            )
        }
        return format
    }
}

extension ModelTrace {
    /// Where a look is most wanted: from what is written to its source; for what goes through layers, at the text itself.
    func firstKind(for view: TraceView) throws -> TracedAttention.Kind {
        let wanted: [TracedAttention.Kind] =
            [.rollout, .flow, .arcs].contains(view) ? [.encoder, .decoder] : [.cross, .encoder, .decoder]
        let found = wanted.first { kind in attention.contains { $0.kind == kind } }
        return found ?? attention[0].kind
    }
}

extension TraceWeights: ExpressibleByArgument {}
extension TraceWeightsError: DataFault {}
extension TracedAttention.Kind: ExpressibleByArgument {}
extension TraceError: DataFault {}
extension FigureError: DataFault {}
extension FaithfulnessError: DataFault {}
