extension Figure {
    /// What is read together: source words slanted above, a row for each word that reads, shaded by how probably each source is read, and a bar below
    /// each run of neighbours that are read with a probability of at least ½.
    public init(segmentsOf matrix: AlignmentMatrix) {
        let (columns, rows) = (matrix.source.map(Self.fitted), matrix.target.map(Self.fitted))
        let (cell, step) = (26.0, 34.0)
        let widest = columns.map(SVGDocument.textWidth).max() ?? 0
        let left = 28 + (rows.map(SVGDocument.textWidth).max() ?? 0)
        // Slanted by 50°, a label reaches sin 50° of its length up and cos 50° to the right.
        let top = 54 + 0.77 * widest
        var shapes: [Shape] = [.text(Label(text: matrix.name.visible, x: 16, y: 28, role: .title))]
        for (place, label) in columns.enumerated() {
            let x = left + cell * (Double(place) + 0.5) + 3
            shapes.append(.text(Label(text: label, x: x, y: top - 6, isSlanted: true)))
        }
        for (row, weights) in matrix.weights.enumerated() {
            let y = top + step * Double(row)
            shapes.append(.text(Label(text: rows[row], x: left - 8, y: y + 10, role: .row, isCentred: true)))
            for (column, weight) in weights.enumerated() {
                let words = "\(matrix.target[row].visible) → \(matrix.source[column].visible)"
                shapes.append(
                    .box(
                        Box(
                            x: left + cell * Double(column), y: y, width: cell - 1, height: 20, role: .cell,
                            opacity: Double(min(1, weight)), tip: "\(words): \(Double(weight).decimals(3))")))
            }
            shapes += matrix.segments(ofRow: row).map { segment in
                let words = segment.map { matrix.source[$0].visible }.joined(separator: " ")
                return .box(
                    Box(
                        x: left + cell * Double(segment.lowerBound), y: y + 22,
                        width: cell * Double(segment.count) - 1, height: 5, role: .series(1), opacity: 1, tip: words))
            }
        }
        self.init(
            title: matrix.name.visible,
            width: max(
                left + cell * Double(columns.count) + 0.65 * widest + 20, 32 + 1.2 * SVGDocument.textWidth(matrix.name)),
            height: top + step * Double(rows.count) + 12, shapes: shapes)
    }
}

extension AlignmentMatrix {
    /// The runs of neighbouring sources that a target reads with a probability of at least ½, in their order.
    public func segments(ofRow row: Int) -> [Range<Int>] {
        weights[row].enumerated().filter { $0.element >= 0.5 }.reduce(into: []) { found, place in
            if let last = found.last, last.upperBound == place.offset {
                found[found.count - 1] = last.lowerBound..<place.offset + 1
            } else {
                found.append(place.offset..<place.offset + 1)
            }
        }
    }
}
