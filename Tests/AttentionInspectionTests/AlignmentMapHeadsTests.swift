import AttentionInspection
import Testing

@Suite struct AlignmentMapHeadsTests {
    let weights: [[[[Float]]]] = [[[[1, 0]], [[0, 1]]], [[[0.5, 0.5]], [[0.5, 0.5]]]]

    func map(chosen: HeadIndex?) throws -> AlignmentMap {
        try AlignmentMap(name: "toy", source: ["a", "b"], target: ["x"], weights: weights, chosen: chosen)
    }

    @Test func viewsAreHeadsAndMeans() throws {
        let map = try map(chosen: HeadIndex(layer: 0, head: 1))
        #expect(try map.matrix().weights == [[0, 1]])
        #expect(try map.matrix(.head(HeadIndex(layer: 0, head: 0))).weights == [[1, 0]])
        #expect(try map.matrix(.layer(0)).weights == [[0.5, 0.5]])
        #expect(try map.matrix(.mean).weights == [[0.5, 0.5]])
    }

    @Test func withoutAChoiceTheMeanIsShown() throws {
        #expect(try map(chosen: nil).matrix() == map(chosen: nil).matrix(.mean))
    }

    @Test func unknownHeadsAreRefused() throws {
        let map = try map(chosen: nil)
        #expect(throws: AlignmentError.noSuchHead(HeadIndex(layer: 2, head: 0), layerCount: 2, headCount: 2)) {
            try map.matrix(.layer(2))
        }
        #expect(throws: AlignmentError.noSuchHead(HeadIndex(layer: 0, head: 2), layerCount: 2, headCount: 2)) {
            try map.matrix(.head(HeadIndex(layer: 0, head: 2)))
        }
    }

    @Test func aMatrixIsAMapOfOneHead() throws {
        let matrix = try AlignmentMatrix(name: "m", source: ["a"], target: ["x", "y"], weights: [[1], [0]])
        #expect(try AlignmentMap(matrix).matrix() == matrix)
    }

    @Test func transposingTwiceChangesNothing() throws {
        let matrix = try AlignmentMatrix(
            source: ["a", "b", "c"], target: ["x", "y"], weights: [[1, 0, 2], [3, 4, 5]])
        #expect(matrix.transposed.weights == [[1, 3], [0, 4], [2, 5]])
        #expect(matrix.transposed.transposed == matrix)
    }
}
