import Attention
import AttentionCatalogue
import AttentionLaboratory
import AttentionOperators
import FoundationEssentials
import Testing

@Suite struct ComparisonTests {
    private func comparison(updates: Int) -> MechanismComparison {
        var comparison = MechanismComparison()
        (comparison.task, comparison.maximumLength, comparison.updateCount) = (.copy, 4, updates)
        return comparison
    }

    @Test func theSameSeedGivesTheSameRow() throws {
        let subject = try ComparisonSubject(named: "dot+sparsemax")
        let rows = try (0..<2).map { _ in try comparison(updates: 20).measure(subject) }
        #expect(rows[0].loss == rows[1].loss && rows[0].byLength == rows[1].byLength)
        #expect(rows[0].entropy == rows[1].entropy && rows[0].parameterCount > 0 && rows[0].peakMegabytes > 0)
    }

    @Test func additiveAttentionLearnsToCopy() throws {
        let row = try comparison(updates: 150).measure(ComparisonSubject(named: "additive"))
        #expect(row.accuracy > 0.9, "\(row)")
        #expect(row.byLength.map(\.sequences).reduce(0, +) == 500)
    }

    @Test(arguments: ["none", "general+local_m", "location_sensitive", "transformer+rope+sparsemax"])
    func knows(_ name: String) throws { #expect(try ComparisonSubject(named: name).name == name) }

    @Test(arguments: ["", "additive+", "aditive", "transformer+local_m", "none+sparsemax"])
    func refuses(_ name: String) {
        #expect(throws: ConfigurationError.self) { try ComparisonSubject(named: name) }
    }

    @Test(arguments: [
        ("additive+dot", "attention, found additive+dot"),
        ("dot+softmax+sparsemax", "normalizer, found softmax+sparsemax"),
        ("transformer+rope+alibi", "positions, found rope+alibi"),
        ("dot+local_m+local_m", "scope, found local_m+local_m"),
    ]) func refusesContradictions(_ name: String, _ sentence: String) {
        let error = #expect(throws: ConfigurationError.self) { try ComparisonSubject(named: name) }
        #expect(
            error?.description.contains("expected mechanism to be one \(sentence)") == true,
            "\(String(describing: error))")
    }

    @Test func tablesHaveARowAMechanism() throws {
        let json = """
            {"name": "none", "parameterCount": 12, "loss": 0.5, "accuracy": 0.25, "tokensPerSecond": 1000, "peakMegabytes": 2.5,
            "byLength": [{"from": 1, "to": 4, "sequences": 10, "accuracy": 0.25}]}
            """
        let row = try JSONDecoder().decode(ComparisonRow.self, from: Data(json.utf8))
        let table = ComparisonTable([row])
        #expect(
            table.text == """
                mechanism  parameters  loss  accuracy  tokens/s  peak MB  entropy
                none               12   0.5      25 %      1000      2.5        –
                """)
        #expect(try JSONDecoder().decode([ComparisonRow].self, from: Data(table.json().utf8)) == [row])
    }

    @Test func tasksTurnSequencesAsTheySay() {
        #expect(SequenceTask.reverse.apply(to: [5, 3, 4]) == [4, 3, 5])
        #expect(SequenceTask.sort.apply(to: [5, 3, 4]) == [3, 4, 5])
        let pairs = SequenceTask.copy.pairs(count: 50, symbolCount: 3, lengths: 1...6, key: RandomKey(seed: 1))
        #expect(pairs.allSatisfy { $0.source == $0.target && $0.source.last == 2 && (2...7).contains($0.source.count) })
        #expect(pairs.allSatisfy { $0.source.dropLast().allSatisfy { (3...5).contains($0) } })
    }
}
