import AttentionInspection
import Testing

@Suite struct TicksTests {
    @Test(arguments: [
        ([0, 8000], [0, 2000, 4000, 6000, 8000]), ([4.7, 37.5], [0, 10, 20, 30, 40]), ([3, 3], [1, 2, 3, 4, 5]),
        ([0, 0], [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6]), ([-1, 1], [-1, -0.5, 0, 0.5, 1]),
        ([], [0, 0.2, 0.4, 0.6, 0.8, 1]), ([.nan, 1, .infinity, 2], [1, 1.2, 1.4, 1.6, 1.8, 2]),
    ])
    func linear(values: [Double], marks: [Double]) {
        #expect(
            Ticks(values, scale: .linear).marks.map { $0.significantDigits(6) } == marks.map { $0.significantDigits(6) }
        )
    }

    @Test(arguments: [
        ([1, 10], [1, 2, 5, 10]), ([1.2, 8], [1, 2, 5, 10]), ([30, 40], [20, 50]), ([5, 5], [5, 10]),
        ([1, 100_000], [1, 10, 100, 1000, 10000, 100_000]), ([-5, 0, 3, 4], [2, 5]),
    ])
    func logarithmic(values: [Double], marks: [Double]) {
        #expect(
            Ticks(values, scale: .logarithmic).marks.map { $0.significantDigits(6) }
                == marks.map { $0.significantDigits(6) })
    }

    @Test func positions() {
        #expect(Ticks([0, 10], scale: .linear).position(5) == 0.5)
        #expect(abs(Ticks([1, 100], scale: .logarithmic).position(10) - 0.5) < 1e-12)
    }

    @Test func anyValuesHaveFewMarksAroundThem() {
        var generator = SeededGenerator(seed: 17)
        for round in 0..<20_000 {
            let isWild = round % 2 == 0
            let values = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                isWild
                    ? Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
                    : 1000 + Double.random(in: 0...1e-6, using: &generator)
            }
            for scale in [LineChart.Scale.linear, .logarithmic] {
                let ticks = Ticks(values, scale: scale)
                #expect((2...30).contains(ticks.marks.count), "\(values)")
                for value in values where value.magnitude < 1e199 && (scale == .linear || value > 1e-199) {
                    #expect((-1e-6...1 + 1e-6).contains(ticks.position(value)), "\(values) \(scale)")
                }
            }
        }
    }
}
