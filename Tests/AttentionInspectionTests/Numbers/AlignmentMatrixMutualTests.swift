import AttentionInspection
import Testing

@Suite struct AlignmentMatrixMutualTests {
    @Test func handComputed() throws {
        let matrix = try AlignmentMatrix(
            source: ["a", "b"], target: ["x", "y", "z"], weights: [[0.5, 0.5], [0, 1], [0, 0]])
        // Columns sum to 0.5 and 1.5: 0.5 · 1 and 0.5 / 3; 1 · 2 / 3.
        let expected: [[Float]] = [[0.75, 0.25], [0, 1], [0, 0]]
        for (row, wanted) in zip(matrix.mutual.weights, expected) {
            for (weight, value) in zip(row, wanted) { #expect(abs(weight - value) < 1e-6) }
        }
        #expect(abs(matrix.returningShare() - 2 * (0.5 + 0.5 / 3 + 1 / 1.5) / 5) < 1e-6)
    }

    @Test func partnersOfTheirOwnReturn() throws {
        let pairs = try AlignmentMatrix(source: ["a", "b"], target: ["x", "y"], weights: [[0, 0.3], [2, 0]])
        #expect(abs(pairs.returningShare(sharpness: 3) - 1) < 1e-12)
        let even = try AlignmentMatrix(source: ["a", "b"], target: ["x", "y"], weights: [[1, 1], [1, 1]])
        #expect(abs(even.returningShare() - 0.5) < 1e-12)
        #expect(even.mutual.weights == [[0.5, 0.5], [0.5, 0.5]])
        #expect(try AlignmentMatrix(source: [], target: [], weights: []).returningShare() == 0)
    }

    /// A source that all look at, as heads do where they have nothing to say, takes no word from its partner.
    @Test func whatAllLookAtBelongsToNobody() throws {
        let matrix = try AlignmentMatrix(
            source: ["a", "b", "."], target: ["x", "y"], weights: [[0.45, 0, 0.55], [0, 0.45, 0.55]])
        #expect(matrix.hardAlignment().pharaoh == "2-0 2-1")
        #expect(matrix.mutual.hardAlignment().pharaoh == "0-0 1-1")
    }
}
