extension Figure {
    /// A query, a key and their products, a cell for each dimension: what is positive in the first colour, what is negative in the second, as strong
    /// as it is beside the greatest of its row.
    public init(_ pair: NeuronPair) {
        let (left, top, width, height, gap) = (64.0, 52.0, 10.0, 24.0, 12.0)
        var shapes: [Shape] = [.text(Label(text: pair.title.visible, x: 16, y: 28, role: .title))]
        let rows: [(name: String, values: [Float])] = [("q", pair.query), ("k", pair.key), ("q · k", pair.products)]
        for (row, (name, values)) in rows.enumerated() {
            let y = top + (height + gap) * Double(row)
            let greatest = values.lazy.map(abs).max() ?? 0
            shapes.append(.text(Label(text: name, x: left - 10, y: y + height / 2, role: .row, isCentred: true)))
            shapes.append(.box(Box(x: left, y: y, width: width * Double(values.count), height: height, role: .panel)))
            for (dimension, value) in values.enumerated() where value != 0 && greatest > 0 {
                shapes.append(
                    .box(
                        Box(
                            x: left + width * Double(dimension), y: y, width: width - 1, height: height,
                            role: .series(value > 0 ? 0 : 1), opacity: Double(abs(value) / greatest),
                            tip: "\(name), dimension \(dimension + 1): \(Double(value).decimals(3))")))
            }
        }
        let foot = top + (height + gap) * 3 + 12
        shapes.append(.text(Label(text: pair.sum, x: left, y: foot)))
        let widest = [
            left + width * Double(pair.query.count) + 16, 32 + 1.2 * SVGDocument.textWidth(pair.title),
            left + SVGDocument.textWidth(pair.sum) + 16,
        ]
        self.init(title: pair.title.visible, width: widest.reduce(0, max), height: foot + 16, shapes: shapes)
    }
}

extension NeuronPair {
    fileprivate var sum: String {
        "score \(Double(score).decimals(3)), the sum of the last row; weight \(Double(weight).decimals(3))"
    }

    /// The dimensions that add most to the score or take most from it, the greatest first, as a table.
    public func text(limit: Int = 12) -> String {
        let products = products
        let order = products.indices.sorted { (abs(products[$1]), $0) < (abs(products[$0]), $1) }
        let rows = order.prefix(limit).map { dimension in
            let values = [query[dimension], key[dimension], products[dimension]].map { Double($0).fixedDecimals(3) }
            return ([String(dimension + 1)] + values).joined(separator: "\t") + "\n"
        }
        return title + "\n\ndimension\tq\tk\tq · k\n" + rows.joined() + "\n" + sum + "\n"
    }

    /// Everything as JSON.
    public func json() -> String {
        func numbers(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: ", ") }
        return
            "{\n  \"score\": \(score),\n  \"weight\": \(weight),\n  \"scale\": \(scale),\n  \"query\": [\(numbers(query))],\n"
            + "  \"key\": [\(numbers(key))],\n  \"products\": [\(numbers(products))]\n}\n"
    }
}
