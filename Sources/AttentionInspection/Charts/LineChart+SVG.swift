extension LineChart: Chart {
    /// The chart's size in pixels: the legend decides.
    public var size: (width: Double, height: Double) {
        let plot = Plot(self)
        return (plot.width, plot.height)
    }

    /// The chart as a standalone SVG document, the same bytes for the same chart, in light or dark as the reader
    /// prefers.
    public var svg: String {
        let plot = Plot(self)
        let lines =
            [
                SVGDocument.opening(width: plot.width, height: plot.height, label: title.escapedMarkup),
                SVGDocument.chartStyle,
            ]
            + plot.grid + plot.titles
            + series.enumerated().compactMap { plot.band($1, index: $0) }
            + series.enumerated().flatMap { plot.line($1, index: $0) }
            + plot.legend
        return lines.joined(separator: "\n") + "\n</svg>\n"
    }
}

/// A chart with its marks chosen and its places measured, in pixels.
private struct Plot {
    let chart: LineChart
    let xTicks: Ticks
    let yTicks: Ticks
    let left = 72.0
    let top = 48.0
    let right = 640.0
    let bottom = 372.0
    let width: Double
    let height: Double

    init(_ chart: LineChart) {
        self.chart = chart
        xTicks = Ticks(chart.series.flatMap { $0.points.map(\.x) + $0.band.map(\.x) }, scale: chart.x.scale)
        yTicks = Ticks(
            chart.series.flatMap { $0.points.map(\.y) + $0.band.flatMap { [$0.low, $0.high] } }, scale: chart.y.scale)
        width = 700 + (chart.series.map { SVGDocument.textWidth(legendLabel($0)) }.max() ?? 0)
        height = max(432, top + 22 * Double(chart.series.count + 1))
    }

    func x(_ value: Double) -> Double { left + (right - left) * xTicks.position(value) }
    func y(_ value: Double) -> Double { bottom - (bottom - top) * yTicks.position(value) }

    var grid: [String] {
        xTicks.marks.map { mark in
            let x = x(mark).text
            return "<path class=\"grid\" d=\"M\(x) \(top.text)V\(bottom.text)\"/>"
                + "<text class=\"middle\" x=\"\(x)\" y=\"\((bottom + 20).text)\">\(mark.significantDigits(6))</text>"
        }
            + yTicks.marks.map { mark in
                let y = y(mark).text
                return "<path class=\"grid\" d=\"M\(left.text) \(y)H\(right.text)\"/>"
                    + "<text class=\"end\" x=\"\((left - 8).text)\" y=\"\(y)\" dy=\".35em\">"
                    + "\(mark.significantDigits(6))</text>"
            }
    }

    var titles: [String] {
        let middle = ((left + right) / 2).text
        return [
            "<text class=\"title\" x=\"\(left.text)\" y=\"28\">\(escaped(chart.title))</text>",
            "<text class=\"middle\" x=\"\(middle)\" y=\"\((bottom + 44).text)\">\(escaped(chart.x.title))</text>",
            "<text class=\"middle\" transform=\"translate(20 \(((top + bottom) / 2).text)) rotate(-90)\">"
                + "\(escaped(chart.y.title))</text>",
        ]
    }

    /// The band of a series: there along the upper ends, and back along the lower ones; nil where there is nothing to fill.
    func band(_ series: LineChart.Series, index: Int) -> String? {
        let stretches = series.band.split { interval in
            !Ticks.canShow(interval.x, on: chart.x.scale)
                || ![interval.low, interval.high].allSatisfy { Ticks.canShow($0, on: chart.y.scale) }
        }
        let outlines = stretches.filter { $0.count > 1 }.map { stretch in
            let there = stretch.map { "\(x($0.x).text) \(y($0.high).text)" }
            let back = stretch.reversed().map { "\(x($0.x).text) \(y($0.low).text)" }
            return "M" + (there + back).joined(separator: "L") + "Z"
        }
        guard !outlines.isEmpty else { return nil }
        return "<path class=\"band \(seriesStyle(index))\" d=\"\(outlines.joined())\"/>"
    }

    /// A line with, where they are few, its points.
    func line(_ series: LineChart.Series, index: Int) -> [String] {
        let style = seriesStyle(index)
        let isMarked = series.points.count <= 40
        var path = ""
        var points: [String] = []
        var joins = false
        for point in series.points {
            guard Ticks.canShow(point.x, on: chart.x.scale), Ticks.canShow(point.y, on: chart.y.scale) else {
                joins = false
                continue
            }
            let (x, y) = (x(point.x).text, y(point.y).text)
            path += (joins ? "L" : "M") + "\(x) \(y)"
            joins = true
            guard isMarked else { continue }
            points.append(
                "<circle class=\"point \(style)\" cx=\"\(x)\" cy=\"\(y)\" r=\"3\"><title>\(escaped(series.name)): "
                    + "\(point.x.significantDigits(6)), \(point.y.significantDigits(6))</title></circle>")
        }
        return (path.isEmpty ? [] : ["<path class=\"line \(style)\" d=\"\(path)\"/>"]) + points
    }

    var legend: [String] {
        chart.series.enumerated().map { index, series in
            let y = top + 10 + 22 * Double(index)
            return "<path class=\"line \(seriesStyle(index))\" d=\"M\((right + 16).text) \(y.text)h22\"/>"
                + "<text x=\"\((right + 46).text)\" y=\"\(y.text)\" dy=\".35em\">\(escaped(legendLabel(series)))</text>"
        }
    }

}

/// Titles may be empty, unlike words.
private func escaped(_ text: String) -> String { text.isEmpty ? "" : text.escapedMarkup }

private func legendLabel(_ series: LineChart.Series) -> String { series.name.visible.fitted(to: 32, ellipsis: "…") }

/// Six colours; after those they come again, dashed.
private func seriesStyle(_ index: Int) -> String { "s\(index % 6)" + (index / 6 % 2 == 1 ? " dashed" : "") }
