/// A way to look at a trace.
public enum TraceView: String, Sendable, CaseIterable {
    /// One head, or the mean of those chosen, as a matrix.
    case alignment
    /// The heads of one layer as lines between tokens.
    case heads
    /// All heads of all layers as small matrices.
    case model
    /// What of each token reaches each place through all layers (Abnar & Zuidema 2020).
    case rollout
    /// How much of each token could pass to each place through all layers (the same).
    case flow
    /// A text that looks at itself, as arcs over its words: one head, or the mean of those chosen.
    case arcs
    /// What is read together, row by row: one head, or the mean of those chosen.
    case segments
    /// Weights laid over the picture or the spectrogram that is looked at: one head, or the mean of those chosen.
    case overlay
    /// How much of its attention each head gives from one word to another.
    case pair
    /// How widely each head spreads its attention: the mean over its rows of H / ln K.
    case entropy
}

extension ModelTrace {
    /// The picture of a view.
    ///
    /// - Parameter focus: the words that `heads`, `overlay` and `pair` are about.
    /// - Throws: `TraceError.noKind` if there is no such attention, `noWord` if there is no such word, `noPicture` for the overlay of what is no picture;
    ///   `AlignmentError.notSquare` for the rollout, the flow and the arcs of attention to another text.
    public func figure(
        _ view: TraceView, of kind: TracedAttention.Kind, _ grain: Grain = Grain(), focus: TraceFocus = TraceFocus()
    ) throws -> Figure {
        let figure = try plainFigure(view, of: kind, grain, focus)
        return try omission(of: kind).map { figure.captioned([$0]) } ?? figure
    }

    /// The same without what is to be said of what is left out.
    private func plainFigure(
        _ view: TraceView, of kind: TracedAttention.Kind, _ grain: Grain, _ focus: TraceFocus
    ) throws -> Figure {
        let title = title(of: view, kind, focus)
        switch view {
        case .alignment, .rollout, .flow: return Figure(try matrix(view, of: kind, grain))
        case .arcs: return try Figure(arcsOf: try matrix(view, of: kind, grain))
        case .segments: return Figure(segmentsOf: try matrix(view, of: kind, grain))
        case .overlay: return Figure(try overlay(of: kind, grain, focus: focus))
        case .heads:
            let map = try map(of: kind, grain)
            return try Figure(
                headsOf: map.keeping(rows: try map.places(of: focus).rows),
                layer: map.chosen?.layer ?? map.layerCount - 1, title: title)
        case .model: return Figure(modelOf: try map(of: kind, grain), title: title)
        case .pair, .entropy:
            return Figure(
                grid: try headNumbers(view, of: kind, grain, focus), of: try map(of: kind, grain), title: title)
        }
    }

    /// The views that there are of attention of a kind: rollout, flow and arcs where a text looks at itself, the overlay where a picture or a sound is
    /// looked at, and all others.
    ///
    /// - Throws: `TraceError.noKind` if there is no such attention.
    public func views(of kind: TracedAttention.Kind) throws(TraceError) -> [TraceView] {
        let part = try part(kind)
        let isSquare = queries(of: part).pieces.count == keys(of: part).pieces.count
        return TraceView.allCases.filter { view in
            switch view {
            case .rollout, .flow, .arcs: isSquare
            case .overlay: keys(of: part).picture != nil
            case .alignment, .heads, .model, .segments, .pair, .entropy: true
            }
        }
    }

    /// The number of each layer and head that `pair` and `entropy` show.
    ///
    /// - Throws: as `figure`.
    public func headNumbers(
        _ view: TraceView, of kind: TracedAttention.Kind, _ grain: Grain = Grain(), _ focus: TraceFocus = TraceFocus()
    ) throws -> [[Double]] {
        let map = try map(of: kind, grain)
        guard view == .pair else { return map.headEntropies }
        let (rows, columns) = try map.places(of: focus)
        return map.shares(from: rows, to: columns)
    }

    /// The matrix of a view that shows one; for the others, the mean of all heads.
    ///
    /// - Throws: as `figure`.
    public func matrix(
        _ view: TraceView, of kind: TracedAttention.Kind, _ grain: Grain = Grain()
    ) throws -> AlignmentMatrix {
        let map = try map(of: kind, grain)
        let shown =
            switch view {
            case .rollout: try map.rollout().chosenMatrix
            case .flow: try map.flow()
            default: map.chosenMatrix
            }
        return AlignmentMatrix(
            unchecked: title(of: view, kind, TraceFocus()), source: shown.source, target: shown.target,
            weights: shown.weights)
    }

    /// What is shown, in words; layers and heads are counted from 1.
    public func title(of view: TraceView, _ kind: TracedAttention.Kind, _ focus: TraceFocus) -> String {
        guard let part = attention.first(where: { $0.kind == kind }) else { return name }
        let layer = part.chosen?.layer ?? part.layers[part.layers.count - 1]
        let head: String =
            switch view {
            case .alignment, .arcs, .segments, .overlay:
                part.chosen.map { "layer \($0.layer + 1), head \($0.head + 1)" }
                    ?? (part.layers.count * part.heads.count == 1
                        ? "layer \(part.layers[0] + 1), head \(part.heads[0] + 1)" : "mean of heads")
            case .heads: "layer \(layer + 1)" + (focus.word.map { ", where \"\($0)\" looks" } ?? "")
            case .pair:
                "from \(focus.word.map { "\"\($0)\"" } ?? "all") to \(focus.target.map { "\"\($0)\"" } ?? "all"), layers down, heads across"
            case .flow: "flow through \(part.layers.count) layers"
            case .model: "layers down, heads across"
            case .rollout: "rollout through \(part.layers.count) layers"
            case .entropy: "entropy as a share of the greatest, layers down, heads across"
            }
        return [name, kind.rawValue, head].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

extension AlignmentMap {
    /// For each layer and head the mean over its rows of H / ln K: 0 looks at one token, 1 at all alike.
    public var headEntropies: [[Double]] {
        weights.map { heads in
            heads.map { rows in
                let matrix = AlignmentMatrix(unchecked: "", source: source, target: target, weights: rows)
                let entropies = matrix.normalizedEntropies
                return entropies.isEmpty ? 0 : entropies.reduce(0, +) / Double(entropies.count)
            }
        }
    }
}
