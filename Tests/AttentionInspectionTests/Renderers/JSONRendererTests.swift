import AttentionInspection
import FoundationEssentials
import Testing

@Suite struct JSONRendererTests {
    @Test func golden() throws {
        let map = try AlignmentMap(
            name: "a \"toy\"", source: ["a", "</script>"], target: ["x\u{2028}\\\n\u{1}"],
            weights: [[[[1 / 3, 0]], [[1, 1e-7]]]], headNames: ["l", "r"], chosen: HeadIndex(layer: 0, head: 1))
        #expect(
            JSONRenderer().render(map) == #"""
                {
                  "name": "a \"toy\"",
                  "source": ["a", "\u003c/script\u003e"],
                  "target": ["x\u2028\\\n\u0001"],
                  "weights": [[[[0.333333,0]],[[1,1e-07]]]],
                  "headNames": ["l", "r"],
                  "chosen": {"layer": 0, "head": 1}
                }

                """#)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func readsBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let source = (0..<5).map { _ in generator.hostileWord() }
        let target = (0..<4).map { _ in generator.hostileWord() }
        let map = try generator.map(layers: 2, heads: 3, source: source, target: target)
        let text = JSONRenderer().render(map)
        let read = try JSONDecoder().decode(AlignmentMap.self, from: Data(text.utf8))
        #expect(read.source.map { Array($0.unicodeScalars) } == source.map { Array($0.unicodeScalars) })
        #expect(read.target.map { Array($0.unicodeScalars) } == target.map { Array($0.unicodeScalars) })
        for (one, other) in zip(read.weights.joined().joined().joined(), map.weights.joined().joined().joined()) {
            #expect(abs(one - other) <= 5.1e-6 * other)
        }
        #expect(JSONRenderer().render(read) == text)
        #expect(!text.contains { "<>&\u{2028}\u{2029}".contains($0) })
    }
}
