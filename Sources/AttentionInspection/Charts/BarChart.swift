/// A chart of one bar a name, such as the speed of several models; `svg` draws it.
public struct BarChart: Chart, Equatable {
    /// One bar.
    public struct Bar: Sendable, Hashable {
        /// What stands beside it.
        public let name: String
        /// Its length; nil for none. A negative or unbounded one draws no bar, but is written.
        public let value: Double?

        /// A bar of this length.
        public init(name: String, value: Double?) {
            self.name = name
            self.value = value
        }
    }

    /// The title, with the unit.
    public let title: String
    /// The bars from top to bottom.
    public let bars: [Bar]

    /// Describes a chart; the longest bar fills the width.
    public init(title: String, bars: [Bar]) {
        self.title = title
        self.bars = bars
    }

    /// The chart's size in pixels.
    public var size: (width: Double, height: Double) { (700, 64 + Self.rowHeight * Double(bars.count)) }

    private static let rowHeight = 24.0

    /// The chart as a standalone SVG document, the same bytes for the same chart, in light or dark as the reader prefers.
    public var svg: String {
        let label = title.isEmpty ? "" : title.escapedMarkup
        let head = [
            SVGDocument.opening(width: size.width, height: size.height, label: label), SVGDocument.chartStyle,
            "<text class=\"title\" x=\"24\" y=\"28\">\(label)</text>",
        ]
        return (head + bars.indices.map(row)).joined(separator: "\n") + "\n</svg>\n"
    }

    private func row(_ index: Int) -> String {
        let bar = bars[index]
        let left = 24 + (bars.map { SVGDocument.textWidth(label($0)) }.max() ?? 0) + 12
        let longest = bars.compactMap(\.value).filter { $0.isFinite && $0 > 0 }.max() ?? 1
        let share = max(0, (bar.value ?? 0) / longest)
        let width = share.isFinite ? share * (size.width - left - 96) : 0
        let y = 48 + Self.rowHeight * Double(index)
        let middle = (y + Self.rowHeight / 2 - 2).text
        return
            "<text class=\"end\" x=\"\((left - 12).text)\" y=\"\(middle)\" dy=\".35em\">\(label(bar).escapedMarkup)</text>"
            + "<rect class=\"bar s\(index % 6)\" x=\"\(left.text)\" y=\"\(y.text)\" width=\"\(width.text)\" height=\"18\"/>"
            + "<text x=\"\((left + width + 8).text)\" y=\"\(middle)\" dy=\".35em\">\(bar.value?.significantDigits(4) ?? "–")</text>"
    }

    private func label(_ bar: Bar) -> String { bar.name.visible.fitted(to: 32, ellipsis: "…") }
}
