extension Figure {
    /// An alignment as a heat map: source words slanted above the columns, target words before the rows; every cell tells its words and weight
    /// when pointed at.
    ///
    /// - Parameter scale: which weight gets the full shade.
    public init(_ matrix: AlignmentMatrix, scale: ShadeScale = .greatest) {
        let layout = HeatMapLayout(matrix)
        let fullShade = scale.fullShade(of: matrix)
        let title: [Shape] =
            matrix.name.isEmpty ? [] : [.text(Label(text: matrix.name.visible, x: 16, y: 28, role: .title))]
        self.init(
            title: matrix.name.isEmpty ? "Alignment" : matrix.name.visible, width: layout.width, height: layout.height,
            shapes: title + [layout.panel] + layout.labels + layout.cells(of: matrix, fullShade: fullShade)
                + layout.legend(fullShade: fullShade))
    }
}

/// Where things stand, in pixels.
private struct HeatMapLayout {
    let sourceLabels: [String]
    let targetLabels: [String]
    let cell: Double
    let left: Double
    let top: Double
    let width: Double
    let height: Double

    init(_ matrix: AlignmentMatrix) {
        sourceLabels = matrix.source.map { $0.visible.fitted(to: 28, ellipsis: "…") }
        targetLabels = matrix.target.map { $0.visible.fitted(to: 28, ellipsis: "…") }
        cell = max(matrix.source.count, matrix.target.count) <= 24 ? 28 : 20
        left = 28 + (targetLabels.map(SVGDocument.textWidth).max() ?? 0)
        let titleHeight: Double = matrix.name.isEmpty ? 12 : 40
        // Slanted by 50°, a label reaches sin 50° of its length up and cos 50° to the right.
        top = titleHeight + 14 + 0.77 * (sourceLabels.map(SVGDocument.textWidth).max() ?? 0)
        let right = left + cell * Double(matrix.source.count)
        let overhangs = sourceLabels.enumerated().map { [left, cell] column, label in
            left + cell * (Double(column) + 0.5) + 0.65 * SVGDocument.textWidth(label)
        }
        let titleEnd = 16 + 1.2 * SVGDocument.textWidth(matrix.name)
        width = 20 + ([right, left + 140, titleEnd] + overhangs).reduce(0, max)
        height = top + cell * Double(matrix.target.count) + 52
    }

    private func x(_ column: Int) -> Double { left + cell * Double(column) }
    private func y(_ row: Int) -> Double { top + cell * Double(row) }

    /// The ground of all cells.
    var panel: Figure.Shape {
        .box(
            Figure.Box(
                x: left, y: top, width: cell * Double(sourceLabels.count), height: cell * Double(targetLabels.count),
                role: .panel))
    }

    var labels: [Figure.Shape] {
        let columns = sourceLabels.enumerated().map { column, label in
            Figure.Label(text: label, x: x(column) + cell / 2 + 3, y: top - 6, isSlanted: true)
        }
        let rows = targetLabels.enumerated().map { row, label in
            Figure.Label(text: label, x: left - 8, y: y(row) + cell / 2, role: .row, isCentred: true)
        }
        return (columns + rows).map { .text($0) }
    }

    func cells(of matrix: AlignmentMatrix, fullShade: Float) -> [Figure.Shape] {
        matrix.weights.enumerated().flatMap { row, weights in
            weights.enumerated().map { column, weight in
                let words = "\(matrix.source[column].visible) → \(matrix.target[row].visible)"
                return .box(
                    Figure.Box(
                        x: x(column), y: y(row), width: cell, height: cell, role: .cell,
                        opacity: Double(min(1, weight / fullShade)), tip: "\(words): \(Double(weight).decimals(3))"))
            }
        }
    }

    /// Five shades between 0 and the full one.
    func legend(fullShade: Float) -> [Figure.Shape] {
        let y = height - 32
        let swatches = (0..<5).map { step in
            Figure.Box(
                x: left + 16 * Double(step), y: y, width: 14, height: 14, role: .cell, opacity: Double(step) / 4)
        }
        return ([Figure.Box(x: left, y: y, width: 78, height: 14, role: .panel)] + swatches).map { .box($0) } + [
            .text(Figure.Label(text: "0", x: left - 8, y: y + 7, role: .row, isCentred: true)),
            .text(
                Figure.Label(
                    text: Double(fullShade).significantDigits(3), x: left + 86, y: y + 7, isCentred: true)),
        ]
    }
}
