import AttentionInspection
import FoundationEssentials
import Testing

@Suite struct AlignmentMapTests {
    static let json = """
        {"name": "toy", "source": ["a", "b"], "target": ["x"], "weights": [[[[0.25, 0.75]], [[1, 0]]]],
         "headNames": ["left", "right"], "chosen": {"layer": 0, "head": 1}}
        """

    @Test func countsLayersAndHeads() throws {
        let map = try AlignmentMap(
            name: "", source: ["a"], target: ["x"], weights: [[[[1]], [[1]]], [[[0.5]], [[0]]], [[[1]], [[1]]]])
        #expect(map.layerCount == 3)
        #expect(map.headCount == 2)
    }

    @Test func readsTheContract() throws {
        let map = try JSONDecoder().decode(AlignmentMap.self, from: Data(Self.json.utf8))
        #expect(map.weights == [[[[0.25, 0.75]], [[1, 0]]]])
        #expect(map.headNames == ["left", "right"])
        #expect(map.layerNames == nil)
        #expect(map.chosen == HeadIndex(layer: 0, head: 1))
    }

    @Test func encodesWhatItDecodes() throws {
        let map = try JSONDecoder().decode(AlignmentMap.self, from: Data(Self.json.utf8))
        #expect(try JSONDecoder().decode(AlignmentMap.self, from: JSONEncoder().encode(map)) == map)
    }

    @Test func decodingChecks() throws {
        let ragged = Data(#"{"name": "", "source": ["a", "b"], "target": ["x"], "weights": [[[[1]]]]}"#.utf8)
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode(AlignmentMap.self, from: ragged)
        }
        guard case .dataCorrupted(let context) = error else { return #expect(Bool(false), "another error: \(error)") }
        #expect(
            context.underlyingError as? AlignmentError
                == .raggedRow(layer: 0, head: 0, target: 0, expected: 2, found: 1))
    }

    @Test func refusesWhatDoesNotFit() {
        func map(_ weights: [[[[Float]]]], layers: [String]? = nil, heads: [String]? = nil, chosen: HeadIndex? = nil)
            throws(AlignmentError)
        {
            _ = try AlignmentMap(
                name: "", source: ["a", "b"], target: ["x"], weights: weights, layerNames: layers, headNames: heads,
                chosen: chosen)
        }
        func count(_ list: String, _ expected: Int, _ found: Int) -> AlignmentError {
            .count(operation: "alignment map", list: list, expected: expected, found: found)
        }
        #expect(throws: AlignmentError.noHeads) { try map([]) }
        #expect(throws: AlignmentError.noHeads) { try map([[]]) }
        #expect(throws: count("heads in weights[1], as in weights[0]", 1, 2)) {
            try map([[[[0, 1]]], [[[0, 1]], [[0, 1]]]])
        }
        #expect(throws: count("rows in weights[0][0], one per target token", 1, 2)) {
            try map([[[[0, 1], [0, 1]]]])
        }
        #expect(throws: AlignmentError.raggedRow(layer: 0, head: 0, target: 0, expected: 2, found: 3)) {
            try map([[[[0, 1, 0]]]])
        }
        #expect(throws: AlignmentError.badWeight(layer: 0, head: 0, target: 0, source: 1, value: -0.5)) {
            try map([[[[0, -0.5]]]])
        }
        #expect(throws: AlignmentError.self) { try map([[[[.nan, 0]]]]) }
        #expect(throws: AlignmentError.self) { try map([[[[.infinity, 0]]]]) }
        #expect(throws: count("layer names", 1, 2)) { try map([[[[0, 1]]]], layers: ["a", "b"]) }
        #expect(throws: count("head names", 1, 0)) { try map([[[[0, 1]]]], heads: []) }
        #expect(throws: AlignmentError.noSuchHead(HeadIndex(layer: 0, head: -1), layerCount: 1, headCount: 1)) {
            try map([[[[0, 1]]]], chosen: HeadIndex(layer: 0, head: -1))
        }
    }

    @Test func errorsAreSentences() {
        #expect(
            "\(AlignmentError.raggedRow(layer: 1, head: 2, target: 3, expected: 4, found: 5))"
                == "alignment map: expected 4 weights, one per source token, in weights[1][2][3], found 5")
        #expect(
            "\(AlignmentError.noSuchHead(HeadIndex(layer: 6, head: 0), layerCount: 6, headCount: 8))"
                == "alignment map: there is no weights[6][0]; the map has 6 layers of 8 heads")
        #expect(
            "\(AlignmentError.badLink("2_3", position: 4, firstIndex: 0))"
                == "Pharaoh alignment: expected links such as 0-2, source index and target index counted from 0, "
                + "separated by spaces, found \"2_3\" as link 5")
    }

    @Test func anEmptyTranslationIsAMap() throws {
        let map = try AlignmentMap(name: "", source: ["a"], target: [], weights: [[[]]])
        #expect(try map.matrix().greatestWeight == 0)
    }
}
