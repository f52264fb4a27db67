import AttentionInspection
import Testing

@Suite struct BarChartTests {
    private let chart = BarChart(
        title: "Speed <fast>",
        bars: [
            BarChart.Bar(name: "a & b", value: 10), BarChart.Bar(name: "half", value: 5),
            BarChart.Bar(name: "none", value: nil), BarChart.Bar(name: "below", value: -1),
            BarChart.Bar(name: "unbounded", value: .infinity),
        ])

    @Test func isWellFormed() { #expect(XMLChecker.isWellFormed(chart.svg)) }

    @Test func barsAreAsLongAsTheirValues() {
        let widths = chart.svg.split(separator: "<rect class=\"bar").dropFirst().map { bar in
            bar.split(separator: "width=\"").dropFirst().first.flatMap { Double($0.prefix { $0 != "\"" }) } ?? -1
        }
        #expect(widths.count == 5)
        #expect(abs(widths[0] - 2 * widths[1]) <= 0.11 && widths[0] > 0)
        #expect(Array(widths[2...]) == [0, 0, 0])
        #expect(chart.svg.contains(">–</text>"))
    }

    @Test func sheetsStandBelowEachOther() {
        let sheet = ChartSheet([chart, chart])
        #expect(XMLChecker.isWellFormed(sheet.svg))
        #expect(sheet.size.height == 2 * chart.size.height)
        #expect(sheet.svg.contains("translate(0 \(Int(chart.size.height)))"))
    }
}
