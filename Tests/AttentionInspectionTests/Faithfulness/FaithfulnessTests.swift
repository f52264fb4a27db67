import AttentionInspection
import Foundation
import Testing

@Suite struct FaithfulnessTests {
    private func faithfulness(_ attention: [[Float]], _ importances: [[Float]], _ other: [[Float]]? = nil) throws
        -> Faithfulness
    {
        let matrix = try AlignmentMatrix(
            name: "model", source: ["a", "b", "c", "<d>"], target: attention.indices.map { "t\($0)" },
            weights: attention)
        return try Faithfulness(
            attention: matrix,
            importances: [
                .leaveOneOut: importances, .gradient: importances, .integratedGradients: other ?? importances,
            ],
            heads: [
                .init(head: "encoder 1.1", effect: 0.01), .init(head: "encoder 1.2", effect: 0.25),
                .init(head: "encoder 2.1", effect: 0.002),
            ]
        ) { row, column in row != column }
    }

    @Test func theSameOrderIsBelieved() throws {
        // Of the second row what would be wrong is not compared.
        let found = try faithfulness([[0.1, 0.2, 0.3, 0.4], [0.2, 0.9, 0.3, 0.4]], [[9, 1, 2, 3], [1, 0, 5, 6]])
        #expect(found.agreements.map(\.kendall) == [1, 1, 1] && found.agreements.map(\.spearman) == [1, 1, 1])
        #expect(found.degree == .largely && found.ceiling == 1)
        #expect(
            found.verdict
                == "Where it looks is largely what the output depends on (Kendall's tau 1.00 with leaving words out, 1.00 with gradient, "
                + "1.00 with integrated gradients; leaving words out and integrated gradients agree by 1.00).")
        #expect(found.heads.map(\.head) == ["encoder 1.2", "encoder 1.1", "encoder 2.1"])
        #expect(
            found.headVerdict
                == "Of 3 heads, leaving out encoder 1.2 changes most (0.25), half of them at most 0.01.")
    }

    @Test func anotherOrderIsNot() throws {
        let found = try faithfulness([[0.1, 0.2, 0.3, 0.4]], [[0, 3, 2, 1]], [[0, 1, 3, 2]])
        let taus = found.agreements.compactMap(\.kendall)
        #expect(taus[..<2] == [-1, -1] && abs(taus[2] - 1 / 3.0) < 1e-12)
        #expect(
            found.degree == .hardly && found.verdict.hasPrefix("Where it looks is hardly what the output depends on"))
        let even = try faithfulness([[0.25, 0.25, 0.25, 0.25]], [[0, 3, 2, 1]])
        #expect(even.degree == .unknown && even.verdict.hasPrefix("There are too few words"))
    }

    @Test func theFormsSayTheSame() throws {
        let found = try faithfulness([[0.1, 0.2, 0.3, 0.4]], [[0, 1, 2, 3]])
        #expect(
            found.text().contains("leaving words out\t1.00\t1.00\n") && found.text().contains("encoder 1.2\t0.25\n"))
        struct Read: Decodable {
            struct Measure: Decodable { let method: String, kendall: Double, importances: [[Float]] }
            let verdict: String, degree: String, measures: [Measure], source: [String], attention: [[Float]]
        }
        let read = try JSONDecoder().decode(Read.self, from: Data(found.json.utf8))
        #expect(read.verdict == found.verdict && read.degree == "largely" && read.source == ["a", "b", "c", "<d>"])
        #expect(read.measures.map(\.method) == Faithfulness.Method.allCases.map(\.rawValue))
        #expect(read.measures[0].importances == [[0, 1, 2, 3]] && read.attention == [[0.1, 0.2, 0.3, 0.4]])
        let figure = Figure(found.attention)
        let captioned = figure.captioned(["It is <so>. " + String(repeating: "Long words ", count: 20)])
        #expect(captioned.svg.contains("It is &lt;so&gt;.") && captioned.height > figure.height + 30)
    }
}
