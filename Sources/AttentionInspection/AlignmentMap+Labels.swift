extension AlignmentMap {
    /// The same weights between other labels, as many as before.
    package func relabelled(source: [String], target: [String]) -> AlignmentMap {
        precondition(
            source.count == self.source.count && target.count == self.target.count,
            "relabelled: expected \(self.source.count) and \(self.target.count) labels, "
                + "found \(source.count) and \(target.count)")
        return AlignmentMap(
            unchecked: name, source: source, target: target, weights: weights, layerNames: layerNames,
            headNames: headNames, chosen: chosen)
    }

    /// What a row of another map is made of.
    package enum Row: Sendable {
        /// The row of a target token of this map.
        case kept(Int)
        /// All attention on one source token.
        case pointing(Int)
    }

    /// The map with other target tokens, each with its row.
    package func retargeted(_ rows: [(label: String, row: Row)]) -> AlignmentMap {
        func weights(of row: Row, in old: [[Float]]) -> [Float] {
            switch row {
            case .kept(let position): return old[position]
            case .pointing(let column): return source.indices.map { $0 == column ? 1 : 0 }
            }
        }
        let weights = self.weights.map { heads in
            heads.map { old in rows.map { weights(of: $0.row, in: old) } }
        }
        return AlignmentMap(
            unchecked: name, source: source, target: rows.map(\.label), weights: weights, layerNames: layerNames,
            headNames: headNames, chosen: chosen)
    }

    /// The maps of several sentences, all of one model, as one: each in its own corner, no attention between them.
    package static func joined(_ maps: [AlignmentMap]) -> AlignmentMap? {
        guard let first = maps.first else { return nil }
        guard maps.count > 1 else { return first }
        let columns = maps.reduce(0) { $0 + $1.source.count }
        let weights = (0..<first.layerCount).map { layer in
            (0..<first.headCount).map { head in
                var offset = 0
                return maps.flatMap { map in
                    defer { offset += map.source.count }
                    return map.weights[layer][head].map { row in
                        [Float](repeating: 0, count: offset) + row
                            + [Float](repeating: 0, count: columns - offset - row.count)
                    }
                }
            }
        }
        return AlignmentMap(
            unchecked: first.name, source: maps.flatMap(\.source), target: maps.flatMap(\.target), weights: weights,
            layerNames: first.layerNames, headNames: first.headNames, chosen: first.chosen)
    }
}
