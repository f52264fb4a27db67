import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles
import Glibc

/// In what form a trace is shown.
enum InspectionFormat: String, ExpressibleByArgument, CaseIterable {
    case terminal, svg, html, json, pdf, png, trace

    private static let endings = [".txt", ".svg", ".html", ".htm", ".json", ".pdf", ".png", ".safetensors"]

    /// The form that the ending of a file's name tells; a terminal's of what has none.
    init?(ending path: String) {
        switch FileEnding.of(path, among: Self.endings) {
        case ".txt": self = .terminal
        case ".svg": self = .svg
        case ".html", ".htm": self = .html
        case ".json": self = .json
        case ".pdf": self = .pdf
        case ".png": self = .png
        case ".safetensors": self = .trace
        default: return nil
        }
    }

    /// Whether it is not text.
    var isBinary: Bool { self == .pdf || self == .png || self == .trace }

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
                [
                    try trace.text(
                        view, of: kind, grain, focus: focus,
                        drawnBy: TextRenderer(style: Terminal.shading, width: Terminal.width)),
                    try trace.omission(of: kind).map { "\n\($0)\n" } ?? "",
                    faithfulness.map { "\n" + $0.text() } ?? "",
                ].joined().utf8)
        case .svg: Array(try figure().svg.utf8)
        case .html: Array(HTMLRenderer().render(trace, notes: faithfulness?.lines ?? []).utf8)
        case .json: Array(try (faithfulness?.json ?? trace.json(view, of: kind, grain, focus: focus)).utf8)
        case .pdf: try figure().pdf()
        case .png: try Self.renderer.png(of: try figure())
        case .trace: []
        }
    }

    /// What is written of two traces side by side: one below the other in a terminal.
    func bytes(
        of traces: (ModelTrace, beside: ModelTrace), _ view: TraceView,
        _ kinds: (TracedAttention.Kind, beside: TracedAttention.Kind),
        _ grain: ModelTrace.Grain, _ focus: TraceFocus
    ) throws -> [UInt8] {
        func text(_ trace: ModelTrace, _ kind: TracedAttention.Kind) throws -> [UInt8] {
            try bytes(of: trace, view, kind, grain, focus, nil)
        }
        func figure() throws -> Figure {
            try traces.0.figure(view, of: kinds.0, grain, focus: focus)
                .beside(try traces.beside.figure(view, of: kinds.beside, grain, focus: focus))
        }
        return switch self {
        case .terminal: try text(traces.0, kinds.0) + Array("\n".utf8) + text(traces.beside, kinds.beside)
        case .json:
            Array("[\n".utf8) + (try text(traces.0, kinds.0)).dropLast() + Array(",\n".utf8)
                + (try text(traces.beside, kinds.beside)) + Array("]\n".utf8)
        case .html: Array(HTMLRenderer().render(traces.0, beside: traces.beside).utf8)
        case .svg: Array(try figure().svg.utf8)
        case .pdf: try figure().pdf()
        case .png: try Self.renderer.png(of: try figure())
        case .trace: []
        }
    }

    /// What is written of one head's work; no trace holds that.
    func bytes(of pair: NeuronPair) throws -> [UInt8] {
        switch self {
        case .terminal, .trace: Array(pair.text().utf8)
        case .html: Array(HTMLRenderer().render(Figure(pair)).utf8)
        case .svg: Array(Figure(pair).svg.utf8)
        case .json: Array(pair.json().utf8)
        case .pdf: try Figure(pair).pdf()
        case .png: try Self.renderer.png(of: Figure(pair))
        }
    }

    /// What is written of why heads look where they do: of the first alone, but for a page, which shows the trace as well.
    func bytes(of reasons: [ScoreParts], in trace: ModelTrace) throws -> [UInt8] {
        guard let first = reasons.first, self != .html else {
            return Array(HTMLRenderer().render(trace, reasons: reasons).utf8)
        }
        return switch self {
        case .terminal, .html, .trace: Array(first.text().utf8)
        case .svg: Array(Figure(first).svg.utf8)
        case .json: Array(first.json.utf8)
        case .pdf: try Figure(first).pdf()
        case .png: try Self.renderer.png(of: Figure(first))
        }
    }

    /// What is written of all heads; a page shows the first text's trace as well.
    func bytes(of map: HeadMap, in trace: ModelTrace) throws -> [UInt8] {
        switch self {
        case .terminal, .trace: Array(map.text.utf8)
        case .html: Array(HTMLRenderer().render(trace, map: map).utf8)
        case .svg: Array(Figure(map).svg.utf8)
        case .json: Array(map.json.utf8)
        case .pdf: try Figure(map).pdf()
        case .png: try Self.renderer.png(of: Figure(map))
        }
    }

    /// librsvg as it is named, or the library that the environment names.
    private static var renderer: VectorRenderer {
        getenv("ATTENTION_RSVG").map { VectorRenderer(libraryNames: [String(cString: $0)]) } ?? VectorRenderer()
    }
}
