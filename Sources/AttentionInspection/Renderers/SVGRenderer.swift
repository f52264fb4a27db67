/// Draws an alignment as a heat map in a standalone SVG document, the same bytes for the same matrix.
///
/// Source words stand slanted above the columns, target words before the rows; every cell tells its words and weight
/// when pointed at. Colours follow the reader's preference for light or dark.
public struct SVGRenderer: Sendable {
    /// Which weight gets the full shade.
    public let scale: ShadeScale

    /// Chooses how pictures look.
    ///
    /// - Parameter scale: which weight gets the full shade.
    public init(scale: ShadeScale = .greatest) {
        self.scale = scale
    }

    /// The SVG document.
    public func render(_ matrix: AlignmentMatrix) -> String {
        let layout = HeatMapLayout(matrix)
        let fullShade = scale.fullShade(of: matrix)
        let title = matrix.name.isEmpty ? "Alignment" : matrix.name.escapedMarkup
        let lines =
            [SVGDocument.opening(width: layout.width, height: layout.height, label: title), heatMapStyle]
            + (matrix.name.isEmpty ? [] : ["<text class=\"title\" x=\"16\" y=\"28\">\(title)</text>"])
            + [layout.panel] + columnLabels(layout) + rowLabels(layout)
            + cells(matrix, layout, fullShade: fullShade)
            + legend(layout, fullShade: fullShade)
        return lines.joined(separator: "\n") + "\n</svg>\n"
    }

    private func columnLabels(_ layout: HeatMapLayout) -> [String] {
        layout.sourceLabels.enumerated().map { column, label in
            let x = layout.x(column) + layout.cell / 2 + 3
            let y = layout.top - 6
            return "<text transform=\"translate(\(x.text) \(y.text)) rotate(-50)\">\(label.escapedMarkup)</text>"
        }
    }

    private func rowLabels(_ layout: HeatMapLayout) -> [String] {
        layout.targetLabels.enumerated().map { row, label in
            let y = layout.y(row) + layout.cell / 2
            return "<text class=\"row\" x=\"\((layout.left - 8).text)\" y=\"\(y.text)\" dy=\".35em\">"
                + "\(label.escapedMarkup)</text>"
        }
    }

    private func cells(_ matrix: AlignmentMatrix, _ layout: HeatMapLayout, fullShade: Float) -> [String] {
        let sources = matrix.source.map(\.escapedMarkup)
        let targets = matrix.target.map(\.escapedMarkup)
        return matrix.weights.enumerated().flatMap { row, weights in
            weights.enumerated().map { column, weight in
                cell(x: layout.x(column), y: layout.y(row), size: layout.cell, shade: weight / fullShade)
                    + "<title>\(sources[column]) → \(targets[row]): \(Double(weight).decimals(3))</title></rect>"
            }
        }
    }

    /// Five shades between 0 and the full one.
    private func legend(_ layout: HeatMapLayout, fullShade: Float) -> [String] {
        let y = layout.height - 32
        let text = (y + 7).text
        let swatches = (0..<5).map { step in
            cell(x: layout.left + 16 * Double(step), y: y, size: 14, shade: Float(step) / 4) + "</rect>"
        }
        return ["<rect class=\"panel\" x=\"\(layout.left.text)\" y=\"\(y.text)\" width=\"78\" height=\"14\"/>"]
            + swatches + [
                "<text class=\"row\" x=\"\((layout.left - 8).text)\" y=\"\(text)\" dy=\".35em\">0</text>",
                "<text x=\"\((layout.left + 86).text)\" y=\"\(text)\" dy=\".35em\">"
                    + "\(Double(fullShade).significantDigits(3))</text>",
            ]
    }

    /// A cell without its closing tag.
    private func cell(x: Double, y: Double, size: Double, shade: Float) -> String {
        "<rect class=\"cell\" x=\"\(x.text)\" y=\"\(y.text)\" width=\"\(size.text)\" height=\"\(size.text)\" "
            + "fill-opacity=\"\(Double(min(1, shade)).decimals(3))\">"
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

    func x(_ column: Int) -> Double { left + cell * Double(column) }
    func y(_ row: Int) -> Double { top + cell * Double(row) }

    /// The ground of all cells.
    var panel: String {
        let size = (cell * Double(sourceLabels.count), cell * Double(targetLabels.count))
        return "<rect class=\"panel\" x=\"\(left.text)\" y=\"\(top.text)\" width=\"\(size.0.text)\" "
            + "height=\"\(size.1.text)\"/>"
    }
}

private let heatMapStyle = """
    <style>
    .ground { fill: #ffffff }
    .panel { fill: #f1f2f7 }
    .cell { fill: #3d35a8; stroke: #ffffff; stroke-width: 1 }
    .cell:hover { stroke: #e0562b; stroke-width: 2 }
    text { fill: #23262f; font: 13px system-ui, "Noto Sans", sans-serif; unicode-bidi: isolate }
    .title { font-size: 16px; font-weight: 600 }
    .row { text-anchor: end }
    @media (prefers-color-scheme: dark) {
    .ground { fill: #14151c }
    .panel { fill: #1f212c }
    .cell { fill: #ffc266; stroke: #14151c }
    .cell:hover { stroke: #ff8f5c }
    text { fill: #e4e5ea }
    }
    </style>
    <rect class="ground" width="100%" height="100%"/>
    """
