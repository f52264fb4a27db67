import AttentionInspection
import Testing

@Suite struct AlignmentMapRolloutTests {
    @Test func handComputed() throws {
        // Heads [[1, 0], [1, 0]] and [[0, 1], [1, 0]] have the mean [[½, ½], [1, 0]], so A₀ = [[¾, ¼], [½, ½]].
        // The second layer looks at itself except that the first token looks at the second: A₁ = [[½, ½], [0, 1]].
        // R₁ = A₁ A₀ = [[⅝, ⅜], [½, ½]].
        let map = try AlignmentMap(
            name: "m", source: ["a", "b"], target: ["a", "b"],
            weights: [[[[1, 0], [1, 0]], [[0, 1], [1, 0]]], [[[0, 1], [0, 1]], [[0, 1], [0, 1]]]])
        let rollout = try map.rollout()
        #expect(rollout.weights == [[[[0.75, 0.25], [0.5, 0.5]]], [[[0.625, 0.375], [0.5, 0.5]]]])
        #expect(try rollout.matrix().weights == [[0.625, 0.375], [0.5, 0.5]])
    }

    @Test func rowsSumToOne() throws {
        var generator = SeededGenerator(seed: 3)
        let words = (0..<6).map(String.init)
        let rollout = try generator.map(layers: 5, heads: 3, source: words, target: words).rollout()
        for row in rollout.weights.joined().joined() { #expect(abs(row.reduce(0, +) - 1) < 1e-5) }
    }

    @Test func lookingNowhereElseStaysPut() throws {
        let identity: [[Float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        let map = try AlignmentMap(
            name: "", source: ["a", "b", "c"], target: ["a", "b", "c"], weights: [[identity], [identity]])
        #expect(try map.rollout().weights == [[identity], [identity]])
    }

    @Test func needsSelfAttention() throws {
        let map = try AlignmentMap(name: "", source: ["a", "b"], target: ["x"], weights: [[[[1, 0]]]])
        #expect(throws: AlignmentError.notSquare(operation: "attention rollout", targetCount: 1, sourceCount: 2)) {
            try map.rollout()
        }
    }
}
