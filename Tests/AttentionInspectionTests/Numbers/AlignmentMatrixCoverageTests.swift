import AttentionInspection
import Testing

@Suite struct AlignmentMatrixCoverageTests {
    @Test func sumsColumns() throws {
        let matrix = try AlignmentMatrix(
            source: ["a", "b", "c"], target: ["x", "y"], weights: [[0.5, 0.5, 0], [0.75, 0.25, 0]])
        #expect(matrix.coverage == [1.25, 0.75, 0])
    }

    @Test func withoutTargetsNothingIsCovered() throws {
        #expect(try AlignmentMatrix(source: ["a", "b"], target: [], weights: []).coverage == [0, 0])
    }
}
