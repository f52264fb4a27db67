import AttentionEvaluation
import Testing

@Suite struct FixedPointTests {
    @Test(arguments: [
        (0.0, 2, "0.00"), (0.125, 2, "0.12"), (0.375, 2, "0.38"), (2.5, 0, "2"), (3.5, 0, "4"), (0.05, 1, "0.1"),
        (0.15, 1, "0.1"), (0.25, 1, "0.2"), (1.005, 2, "1.00"), (99.995, 2, "100.00"), (99.9949, 2, "99.99"),
        (-1.255, 2, "-1.25"), (100, 1, "100.0"), (1e-30, 3, "0.000"), (0.9996309145978276, 3, "1.000"),
    ])
    func roundsAsCDoes(value: Double, digits: Int, expected: String) {
        #expect(value.fixedPoint(digits: digits) == expected)
    }
}
