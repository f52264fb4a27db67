import AttentionInspection
import Testing

@Suite struct AlignmentMatrixEntropyTests {
    @Test func handComputed() throws {
        let matrix = try AlignmentMatrix(
            source: ["a", "b", "c", "d"], target: ["even", "one", "half", "none", "twice even"],
            weights: [[0.25, 0.25, 0.25, 0.25], [0, 1, 0, 0], [0.5, 0.25, 0.25, 0], [0, 0, 0, 0], [2, 2, 2, 2]])
        // ln 4, 0, 1.5 ln 2, nothing, ln 4.
        let expected = [1.386_294_361_119_891, 0, 1.039_720_770_839_918, 0, 1.386_294_361_119_891]
        for (entropy, value) in zip(matrix.entropies, expected) { #expect(abs(entropy - value) < 1e-12) }
        for (entropy, value) in zip(matrix.normalizedEntropies, [1, 0, 0.75, 0, 1]) {
            #expect(abs(entropy - value) < 1e-12)
        }
    }

    @Test func oneSourceLeavesNoChoice() throws {
        let matrix = try AlignmentMatrix(source: ["a"], target: ["x"], weights: [[1]])
        #expect(matrix.entropies == [0])
        #expect(matrix.entropies[0].sign == .plus)
        #expect(matrix.normalizedEntropies == [0])
    }
}
