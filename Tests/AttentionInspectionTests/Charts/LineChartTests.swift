import AttentionInspection
import Testing

@Suite struct LineChartTests {
    @Test func golden() {
        let chart = LineChart(
            title: "Loss & time", x: .init("update"), y: .init("loss", scale: .logarithmic),
            series: [
                .init(
                    name: "<train>",
                    points: [.init(x: 0, y: 10), .init(x: 5, y: 1), .init(x: 7, y: 0), .init(x: 10, y: 1)])
            ])
        let drawing = chart.svg.split(separator: "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n").last
        #expect(
            drawing == """
                <path class="grid" d="M72 48V372"/><text class="middle" x="72" y="392">0</text>
                <path class="grid" d="M185.6 48V372"/><text class="middle" x="185.6" y="392">2</text>
                <path class="grid" d="M299.2 48V372"/><text class="middle" x="299.2" y="392">4</text>
                <path class="grid" d="M412.8 48V372"/><text class="middle" x="412.8" y="392">6</text>
                <path class="grid" d="M526.4 48V372"/><text class="middle" x="526.4" y="392">8</text>
                <path class="grid" d="M640 48V372"/><text class="middle" x="640" y="392">10</text>
                <path class="grid" d="M72 372H640"/><text class="end" x="64" y="372" dy=".35em">1</text>
                <path class="grid" d="M72 274.5H640"/><text class="end" x="64" y="274.5" dy=".35em">2</text>
                <path class="grid" d="M72 145.5H640"/><text class="end" x="64" y="145.5" dy=".35em">5</text>
                <path class="grid" d="M72 48H640"/><text class="end" x="64" y="48" dy=".35em">10</text>
                <text class="title" x="72" y="28">Loss &amp; time</text>
                <text class="middle" x="356" y="416">update</text>
                <text class="middle" transform="translate(20 210) rotate(-90)">loss</text>
                <path class="line s0" d="M72 48L356 372M640 372"/>
                <circle class="point s0" cx="72" cy="48" r="3"><title>&lt;train&gt;: 0, 10</title></circle>
                <circle class="point s0" cx="356" cy="372" r="3"><title>&lt;train&gt;: 5, 1</title></circle>
                <circle class="point s0" cx="640" cy="372" r="3"><title>&lt;train&gt;: 10, 1</title></circle>
                <path class="line s0" d="M656 58h22"/><text x="686" y="58" dy=".35em">&lt;train&gt;</text>
                </svg>

                """)
    }

    /// The band lies under the line, widens the axis, and is interrupted where it cannot be shown.
    @Test func bands() {
        let chart = LineChart(
            title: "", x: .init(""), y: .init(""),
            series: [
                .init(
                    name: "mean", points: [.init(x: 0, y: 5), .init(x: 10, y: 5)],
                    band: [
                        .init(x: 0, low: 0, high: 10), .init(x: 5, low: 2, high: 8), .init(x: 6, low: .nan, high: 9),
                        .init(x: 10, low: 4, high: 6),
                    ])
            ])
        let lines = chart.svg.split(separator: "\n")
        let band = lines.firstIndex { $0.contains("class=\"band") }
        // 0 … 10 are 372 … 48 on the vertical axis and 72 … 640 on the horizontal one; one interval alone fills nothing.
        #expect(
            band.map { lines[$0] }
                == "<path class=\"band s0\" d=\"M72 48L356 112.8L356 307.2L72 372Z\"/>")
        #expect(band.map { lines[$0 + 1] } == "<path class=\"line s0\" d=\"M72 210L640 210\"/>")
        #expect(LineChart.Series(name: "", points: []).band.isEmpty)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func anyValuesAndNamesMakeWellFormedXML(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func value() -> Double { Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator)) }
        func axis() -> LineChart.Axis {
            .init(generator.hostileWord(), scale: Bool.random(using: &generator) ? .linear : .logarithmic)
        }
        let series = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
            LineChart.Series(
                name: generator.hostileWord(),
                points: (0..<Int.random(in: 0...60, using: &generator)).map { _ in .init(x: value(), y: value()) },
                band: (0..<Int.random(in: 0...9, using: &generator)).map { _ in
                    .init(x: value(), low: value(), high: value())
                })
        }
        let chart = LineChart(title: generator.hostileWord(), x: axis(), y: axis(), series: series)
        #expect(XMLChecker.isWellFormed(chart.svg))
        #expect(chart.svg == chart.svg)
        #expect(!chart.svg.contains("nan") && !chart.svg.contains("inf"))
    }
}
