import AttentionInspection
import Testing

@Suite struct NumberTextTests {
    @Test(arguments: [
        (0, 3, "0"), (0.5, 3, "0.5"), (0.0005, 3, "0.001"), (0.0004, 3, "0"), (-0.0004, 3, "0"), (12, 1, "12"),
        (-1.25, 1, "-1.3"), (0.951_234, 3, "0.951"), (99.96, 1, "100"), (1.05, 2, "1.05"), (.nan, 2, "0"),
    ])
    func decimals(number: Double, count: Int, text: String) {
        #expect(number.decimals(count) == text)
    }

    @Test(arguments: [(0.951_234, "0.951"), (-0.0004, "0"), (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")])
    func resultsThatAreNoNumbers(number: Double, text: String) {
        #expect(number.shown(3) == text)
    }

    @Test(arguments: [(0, "0.00"), (0.5, "0.50"), (0.256, "0.26"), (12, "12.00"), (-1.1, "-1.10")])
    func fixedDecimals(number: Double, text: String) {
        #expect(number.fixedDecimals(2) == text)
    }

    @Test(arguments: [
        (0, "0"), (1, "1"), (1.0 / 3, "0.333333"), (0.1 + 0.2, "0.3"), (123_456_789, "123457000"), (-2.5, "-2.5"),
        (1e-5, "1e-05"), (0.999_999_9, "1"), (.leastNonzeroMagnitude, "5e-324"), (.infinity, "0"), (1e300, "1e+300"),
    ])
    func significantDigits(number: Double, text: String) {
        #expect(number.significantDigits(6) == text)
    }

    @Test func significantDigitsAreExactEnough() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<5000 {
            let number = Double(Float(bitPattern: UInt32.random(in: 0...0x7F7F_FFFF, using: &generator)))
            let text = number.significantDigits(6)
            let read = try #require(Double(text))
            #expect(abs(read - number) <= 5.000_001e-6 * number)
            let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
            #expect(digits.reversed().drop { $0 == "0" }.count <= 6)
        }
    }
}
