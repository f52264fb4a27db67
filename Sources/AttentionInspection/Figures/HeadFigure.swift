extension Figure {
    /// Heads of one layer as lines: what looks stands left, what is looked at right, a line's strength is the weight, its colour the head.
    ///
    /// - Parameters:
    ///   - map: the heads.
    ///   - layer: which layer of the map.
    ///   - title: what is shown.
    /// - Throws: `AlignmentError.noSuchHead` if the map has no such layer.
    public init(headsOf map: AlignmentMap, layer: Int, title: String) throws(AlignmentError) {
        _ = try map.matrix(.layer(layer))
        let (queries, keys) = (map.target.map(Self.fitted), map.source.map(Self.fitted))
        let left = 24 + (queries.map(SVGDocument.textWidth).max() ?? 0)
        let right = left + 170
        let (top, step) = (78.0, 22.0)
        func y(_ place: Int) -> Double { top + step * (Double(place) + 0.5) }
        var shapes: [Shape] = [.text(Label(text: title.visible, x: 16, y: 28, role: .title))]
        let legend = map.weights[layer].indices.flatMap { head -> [Shape] in
            let x = 16 + 46 * Double(head)
            return [
                .box(Box(x: x, y: 42, width: 14, height: 14, role: .series(head), opacity: 1)),
                .text(Label(text: map.headNames?[head] ?? "\(head + 1)", x: x + 18, y: 49, isCentred: true)),
            ]
        }
        shapes += legend
        for (head, rows) in map.weights[layer].enumerated() {
            for (query, row) in rows.enumerated() {
                // Too faint to be seen.
                for (key, weight) in row.enumerated() where weight >= 0.02 {
                    shapes.append(
                        .link(
                            Link(
                                from: (left + 6, y(query)), to: (right - 6, y(key)), role: .series(head),
                                opacity: Double(min(1, weight)),
                                tip: "\(map.target[query].visible) → \(map.source[key].visible): "
                                    + Double(weight).decimals(3))))
                }
            }
        }
        shapes += queries.enumerated().map { place, text in
            .text(Label(text: text, x: left, y: y(place), role: .row, isCentred: true))
        }
        shapes += keys.enumerated().map { place, text in
            .text(Label(text: text, x: right, y: y(place), isCentred: true))
        }
        let widest = [
            right + 24 + (keys.map(SVGDocument.textWidth).max() ?? 0), 32 + 46 * Double(map.headCount),
            32 + 1.2 * SVGDocument.textWidth(title),
        ]
        self.init(
            title: title.visible, width: widest.reduce(0, max),
            height: top + step * Double(max(queries.count, keys.count)) + 20, shapes: shapes)
    }

    static func fitted(_ label: String) -> String { label.visible.fitted(to: 28, ellipsis: "…") }
}
