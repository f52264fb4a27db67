/// A picture of numbers, drawn as SVG.
public protocol Chart: Sendable {
    /// The picture as a standalone SVG document.
    var svg: String { get }
    /// Its size in pixels.
    var size: (width: Double, height: Double) { get }
}

/// Several charts, one below the other, as one picture.
public struct ChartSheet: Chart {
    /// The charts from top to bottom.
    public let charts: [any Chart]

    /// A sheet of these charts.
    public init(_ charts: [any Chart]) { self.charts = charts }

    public var size: (width: Double, height: Double) {
        (charts.map(\.size.width).max() ?? 0, charts.map(\.size.height).reduce(0, +))
    }

    public var svg: String {
        var top = 0.0
        var lines = [SVGDocument.opening(width: size.width, height: size.height, label: "")]
        for chart in charts {
            lines.append("<g transform=\"translate(0 \(top.text))\">\n\(chart.svg)</g>")
            top += chart.size.height
        }
        return lines.joined(separator: "\n") + "\n</svg>\n"
    }
}
