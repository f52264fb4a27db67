extension Figure {
    /// All heads of a map at once: a row of small matrices for each layer, target words down, source words across.
    ///
    /// A matrix of many words is shown in at most 48 tiles each way, each with the greatest weight it covers.
    public init(modelOf map: AlignmentMap, title: String) {
        let tile = Tiles(map)
        let (left, top, gap) = (64.0, 64.0, 10.0)
        var shapes: [Shape] = [.text(Label(text: title.visible, x: 16, y: 28, role: .title))]
        for head in 0..<map.headCount {
            shapes.append(
                .text(
                    Label(
                        text: map.headNames?[head] ?? "\(head + 1)",
                        x: left + (tile.width + gap) * Double(head) + tile.width / 2, y: top - 8, role: .middle)))
        }
        for (layer, heads) in map.weights.enumerated() {
            let y = top + (tile.height + gap) * Double(layer)
            shapes.append(
                .text(
                    Label(
                        text: map.layerNames?[layer] ?? "\(layer + 1)", x: left - 10, y: y + tile.height / 2,
                        role: .row,
                        isCentred: true)))
            for (head, rows) in heads.enumerated() {
                shapes += tile.shapes(of: rows, x: left + (tile.width + gap) * Double(head), y: y)
            }
        }
        self.init(
            title: title.visible,
            width: max(
                left + (tile.width + gap) * Double(map.headCount) + 16, 32 + 1.2 * SVGDocument.textWidth(title)),
            height: top + (tile.height + gap) * Double(map.layerCount) + 12, shapes: shapes)
    }

    /// A number for each layer and head, shaded by it: fully at 1, or at the greatest where that is more.
    ///
    /// - Parameter values: [layer][head], from 0 up.
    public init(grid values: [[Double]], of map: AlignmentMap, title: String) {
        let (left, top, width, height) = (64.0, 64.0, 52.0, 32.0)
        let fullShade = max(1, values.joined().max() ?? 1)
        var shapes: [Shape] = [.text(Label(text: title.visible, x: 16, y: 28, role: .title))]
        for head in 0..<map.headCount {
            shapes.append(
                .text(
                    Label(
                        text: map.headNames?[head] ?? "\(head + 1)", x: left + width * (Double(head) + 0.5), y: top - 8,
                        role: .middle)))
        }
        for (layer, row) in values.enumerated() {
            let y = top + (height + 16) * Double(layer)
            shapes.append(
                .text(
                    Label(
                        text: map.layerNames?[layer] ?? "\(layer + 1)", x: left - 10, y: y + height / 2, role: .row,
                        isCentred: true)))
            for (head, value) in row.enumerated() {
                let x = left + width * Double(head)
                shapes.append(.box(Box(x: x, y: y, width: width - 4, height: height, role: .panel)))
                shapes.append(
                    .box(
                        Box(
                            x: x, y: y, width: width - 4, height: height, role: .cell,
                            opacity: max(0, value / fullShade),
                            tip: "layer \(map.layerNames?[layer] ?? "\(layer + 1)"), head "
                                + "\(map.headNames?[head] ?? "\(head + 1)"): \(value.decimals(3))")))
                shapes.append(
                    .text(
                        Label(
                            text: value.fixedDecimals(2), x: x + (width - 4) / 2, y: y + height + 12, role: .middle)))
            }
        }
        self.init(
            title: title.visible,
            width: max(left + width * Double(map.headCount) + 16, 32 + 1.2 * SVGDocument.textWidth(title)),
            height: top + (height + 16) * Double(map.layerCount) + 12, shapes: shapes)
    }
}

/// How the small matrices of a map are drawn.
private struct Tiles {
    private let rows: [Range<Int>]
    private let columns: [Range<Int>]
    private let size: Double

    init(_ map: AlignmentMap) {
        (rows, columns) = (Self.parts(of: map.target.count), Self.parts(of: map.source.count))
        size = max(2, min(8, (96 / Double(max(1, rows.count, columns.count))).rounded(.down)))
    }

    var width: Double { size * Double(columns.count) }
    var height: Double { size * Double(rows.count) }

    private static func parts(of count: Int) -> [Range<Int>] {
        let parts = min(count, 48)
        return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
    }

    func shapes(of weights: [[Float]], x: Double, y: Double) -> [Figure.Shape] {
        let greatest = weights.lazy.flatMap(\.self).max() ?? 0
        let cells = rows.enumerated().flatMap { row, targets in
            columns.enumerated().compactMap { column, sources -> Figure.Shape? in
                let weight = weights[targets].lazy.flatMap { $0[sources] }.max() ?? 0
                guard weight > 0, weight >= greatest / 100 else { return nil }
                return .box(
                    Figure.Box(
                        x: x + size * Double(column), y: y + size * Double(row), width: size, height: size,
                        role: .series(0), opacity: Double(weight / greatest)))
            }
        }
        return [.box(Figure.Box(x: x, y: y, width: width, height: height, role: .panel))] + cells
    }
}
