extension ModelTrace {
    /// A view as text: matrices shaded, numbers in columns, arcs and segments in words.
    ///
    /// - Parameters:
    ///   - focus: the words that `heads`, `overlay` and `pair` are about.
    ///   - renderer: what shades matrices.
    /// - Throws: as `figure`.
    public func text(
        _ view: TraceView, of kind: TracedAttention.Kind, _ grain: Grain = Grain(), focus: TraceFocus = TraceFocus(),
        drawnBy renderer: TextRenderer = TextRenderer()
    ) throws -> String {
        let title = title(of: view, kind, focus).visible
        switch view {
        case .alignment, .rollout, .flow: return title + "\n\n" + renderer.render(try matrix(view, of: kind, grain))
        case .heads:
            let map = try map(of: kind, grain)
            let kept = map.keeping(rows: try map.places(of: focus).rows)
            let layer = map.chosen?.layer ?? map.layerCount - 1
            return title + "\n" + kept.pictures(ofLayers: [layer], drawnBy: renderer)
        case .model:
            let map = try map(of: kind, grain)
            return title + "\n" + map.pictures(ofLayers: Array(0..<map.layerCount), drawnBy: renderer)
        case .arcs: return title + "\n\n" + (try matrix(view, of: kind, grain).arcLines())
        case .segments:
            let matrix = try matrix(view, of: kind, grain)
            return title + "\n\n" + renderer.render(matrix) + "\n" + matrix.segmentLines
        case .overlay: return title + "\n" + renderer.render(try overlay(of: kind, grain, focus: focus))
        case .pair, .entropy:
            let map = try map(of: kind, grain)
            let rows = zip(map.layerNames ?? [], try headNumbers(view, of: kind, grain, focus)).map { layer, numbers in
                "layer \(layer)\t" + numbers.map { $0.fixedDecimals(2) }.joined(separator: "\t") + "\n"
            }
            return ([title + "\n\n", "\t" + (map.headNames ?? []).joined(separator: "\t") + "\n"] + rows).joined()
        }
    }

    /// A view as JSON: all heads, or the one matrix or the numbers of a view that makes them of all; of an overlay a row for each panel.
    ///
    /// - Throws: as `figure`.
    public func json(
        _ view: TraceView, of kind: TracedAttention.Kind, _ grain: Grain = Grain(), focus: TraceFocus = TraceFocus()
    ) throws -> String {
        switch view {
        case .alignment, .heads, .model, .arcs, .segments: return JSONRenderer().render(try map(of: kind, grain))
        case .rollout, .flow: return JSONRenderer().render(AlignmentMap(try matrix(view, of: kind, grain)))
        case .overlay: return JSONRenderer().render(AlignmentMap(try overlay(of: kind, grain, focus: focus).matrix))
        case .pair, .entropy:
            let part = try part(kind)
            let numbers = try headNumbers(view, of: kind, grain, focus)
            let rows = jsonArray(numbers) { jsonArray($0) { $0.significantDigits(6) } }
            // Counted from 1, as people do.
            func counted(_ places: [Int]) -> String { jsonArray(places) { "\($0 + 1)" } }
            return "{\n  \"name\": \(jsonText(title(of: view, kind, focus))),\n  \"layers\": \(counted(part.layers)),\n"
                + "  \"heads\": \(counted(part.heads)),\n  \"values\": \(rows)\n}\n"
        }
    }
}

extension AlignmentMap {
    /// Every head of these layers, one below the other.
    fileprivate func pictures(ofLayers layers: [Int], drawnBy renderer: TextRenderer) -> String {
        layers.flatMap { layer in
            weights[layer].enumerated().map { head, weights in
                let name = "layer \(layerNames?[layer] ?? "\(layer + 1)"), head \(headNames?[head] ?? "\(head + 1)")"
                let matrix = AlignmentMatrix(unchecked: name, source: source, target: target, weights: weights)
                return "\n\(name)\n\n" + renderer.render(matrix)
            }
        }.joined()
    }
}

extension AlignmentMatrix {
    /// A line for each word that looks at others: those that it gives enough for an arc.
    /// - Throws: `AlignmentError.notSquare` unless a text looks at itself.
    fileprivate func arcLines() throws(AlignmentError) -> String {
        guard source.count == target.count else {
            throw .notSquare(operation: "arcs", targetCount: target.count, sourceCount: source.count)
        }
        return weights.enumerated().map { row, weights in
            let arcs = weights.enumerated().filter { $0.offset != row && $0.element >= Figure.leastArc }.map {
                "\(source[$0.offset].visible.isolated) \(Double($0.element).fixedDecimals(2))"
            }
            return arcs.isEmpty ? "" : "\(target[row].visible.isolated) → \(arcs.joined(separator: ", "))\n"
        }.joined()
    }

    /// A line for each word that reads several others together, or one for itself.
    fileprivate var segmentLines: String {
        target.enumerated().map { row, word in
            let read = segments(ofRow: row).map { segment in
                segment.map { source[$0].visible.isolated }.joined(separator: " ")
            }
            return read.isEmpty ? "" : "\(word.visible.isolated): \(read.joined(separator: " | "))\n"
        }.joined()
    }
}
