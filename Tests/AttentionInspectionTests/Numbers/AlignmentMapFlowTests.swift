import AttentionInspection
import Testing

@Suite struct AlignmentMapFlowTests {
    /// The greatest flow is the least cut: of all ways to part the nodes between source and sink, the one with the least capacity across.
    private static func leastCut(_ layers: [[[Double]]], width: Int, from position: Int, to input: Int) -> Double {
        let (source, sink) = (layers.count * width + position, input)
        let others = (0..<(layers.count + 1) * width).filter { $0 != source && $0 != sink }
        return (0..<1 << others.count).map { choice in
            var isOnSourceSide = [Bool](repeating: false, count: others.count + 2)
            isOnSourceSide[source] = true
            for (bit, node) in others.enumerated() { isOnSourceSide[node] = choice >> bit & 1 == 1 }
            var capacity = 0.0
            for (layer, rows) in layers.enumerated() {
                for (upper, row) in rows.enumerated() where isOnSourceSide[(layer + 1) * width + upper] {
                    for (lower, weight) in row.enumerated() where !isOnSourceSide[layer * width + lower] {
                        capacity += weight
                    }
                }
            }
            return capacity
        }.min() ?? 0
    }

    @Test(arguments: [(2, 1), (2, 2), (2, 4), (3, 2), (3, 3), (4, 2)])
    func isTheLeastCut(width: Int, depth: Int) throws {
        var generator = SeededGenerator(seed: UInt64(10 * width + depth))
        let words = (0..<width).map(String.init)
        for _ in 0..<3 {
            let map = try generator.map(layers: depth, heads: 2, source: words, target: words)
            let layers = map.weights.map { heads in
                words.indices.map { row in
                    let mean = words.indices.map { Double((heads[0][row][$0] + heads[1][row][$0]) / 2) }
                    let mixed = mean.enumerated().map { $0.element / 2 + ($0.offset == row ? 0.5 : 0) }
                    return mixed.map { $0 / mixed.reduce(0, +) }
                }
            }
            let found = try map.flow().weights
            for row in words.indices {
                let cuts = words.indices.map { Self.leastCut(layers, width: width, from: row, to: $0) }
                for (flow, cut) in zip(found[row], cuts) { #expect(abs(Double(flow) - cut / cuts.reduce(0, +)) < 1e-5) }
            }
        }
    }

    @Test func handComputed() throws {
        // Layers A = [[¾, ¼], [½, ½]] and B = [[½, ½], [0, 1]]: from the first position of B to the first token run min(½, ¾) through the first
        // position of A and min(½, ½) through the second; to the second token ¼ and ½. From the second position only its own way: ½ and ½.
        let map = try AlignmentMap(
            name: "m", source: ["a", "b"], target: ["a", "b"],
            weights: [[[[1, 0], [1, 0]], [[0, 1], [1, 0]]], [[[0, 1], [0, 1]], [[0, 1], [0, 1]]]])
        let flow = try map.flow()
        let expected: [Float] = [1 / 1.75, 0.75 / 1.75, 0.5, 0.5]
        for (found, expected) in zip(flow.weights.joined(), expected) { #expect(abs(found - expected) < 1e-6) }
        let cross = try AlignmentMap(name: "", source: ["a", "b"], target: ["x"], weights: [[[[1, 0]]]])
        #expect(throws: AlignmentError.notSquare(operation: "attention flow", targetCount: 1, sourceCount: 2)) {
            try cross.flow()
        }
    }
}
