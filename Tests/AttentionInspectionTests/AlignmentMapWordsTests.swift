import AttentionInspection
import Testing

@Suite struct AlignmentMapWordsTests {
    /// `un|believ|able </s>` read by `in|croyable </s>`.
    func subwords() throws -> AlignmentMap {
        try AlignmentMap(
            name: "pieces", source: ["un", "believ", "able", "</s>"], target: ["in", "croyable", "</s>"],
            weights: [[[[0.5, 0.25, 0, 0.25], [0, 0.25, 0.5, 0.25], [0, 0, 0.25, 0.75]]]])
    }

    @Test func sumsOverSourceAndAveragesOverTarget() throws {
        let words = try subwords().merged(
            sourceWords: [0, 0, 1, nil], targetWords: [0, 0, nil], sourceTexts: ["unbeliev", "able"],
            targetTexts: ["incroyable"])
        #expect(words.source == ["unbeliev", "able"])
        #expect(words.target == ["incroyable"])
        #expect(words.weights == [[[[0.5, 0.25]]]])
    }

    @Test func keepsSpecialTokensWhereTheyStood() throws {
        let words = try subwords().merged(
            sourceWords: [nil, 0, 0, nil], targetWords: [nil, 0, nil], sourceTexts: ["w"], targetTexts: ["v"],
            specialTokens: .kept)
        #expect(words.source == ["un", "w", "</s>"])
        #expect(words.target == ["in", "v", "</s>"])
        #expect(words.weights == [[[[0.5, 0.25, 0.25], [0, 0.75, 0.25], [0, 0.25, 0.75]]]])
    }

    @Test func wordsWithoutPiecesKeepTheirPlace() throws {
        let words = try subwords().merged(
            sourceWords: [1, 1, 1, nil], targetWords: [0, 2, nil], sourceTexts: ["none", "all", "last"],
            targetTexts: ["a", "b", "c"])
        #expect(words.source == ["none", "all", "last"])
        #expect(words.weights == [[[[0, 0.75, 0], [0, 0, 0], [0, 0.75, 0]]]])
    }

    @Test func renormalizingGivesBackTheShareOfSpecialTokens() throws {
        let words = try subwords().merged(
            sourceWords: [0, 0, 1, nil], targetWords: [0, 1, nil], sourceTexts: ["a", "b"], targetTexts: ["x", "y"])
        #expect(words.weights == [[[[0.75, 0], [0.25, 0.5]]]])
        let rows = words.renormalized().weights[0][0]
        #expect(rows[0] == [1, 0])
        #expect(abs(rows[1][0] - 1 / 3) < 1e-6 && abs(rows[1][1] - 2 / 3) < 1e-6)
    }

    @Test func renormalizingLeavesEmptyRows() throws {
        let map = try AlignmentMap(name: "", source: ["a", "b"], target: ["x"], weights: [[[[0, 0]]]])
        #expect(map.renormalized() == map)
    }

    @Test func refusesIndicesThatDoNotFit() throws {
        let map = try subwords()
        #expect(
            throws: AlignmentError.count(
                operation: "merging subwords", list: "word indices, one per source token", expected: 4, found: 1)
        ) {
            try map.merged(sourceWords: [0], targetWords: [0, 0, 0], sourceTexts: ["a"], targetTexts: ["b"])
        }
        #expect(throws: AlignmentError.noSuchWord(side: "target", subword: 1, word: -1, wordCount: 1)) {
            try map.merged(sourceWords: [0, 0, 0, 0], targetWords: [0, -1, 0], sourceTexts: ["a"], targetTexts: ["b"])
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func rowSumsSurvive(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (sourceCount, targetCount, wordCount) = (9, 7, 4)
        let map = try generator.map(
            layers: 2, heads: 2, source: Array(repeating: "s", count: sourceCount),
            target: Array(repeating: "t", count: targetCount))
        func words(_ count: Int) -> [Int?] { (0..<count).map { _ in Int.random(in: 0..<wordCount, using: &generator) } }
        let targetWords = words(targetCount)
        let merged = try map.merged(
            sourceWords: words(sourceCount), targetWords: targetWords,
            sourceTexts: Array(repeating: "S", count: wordCount), targetTexts: Array(repeating: "T", count: wordCount))
        for rows in merged.weights.joined() {
            for (word, row) in rows.enumerated() {
                let expected: Float = targetWords.contains(word) ? 1 : 0
                #expect(abs(row.reduce(0, +) - expected) < 1e-5)
            }
        }
    }
}
