import Foundation
import Testing

/// `attend evaluate attention`, run as a process on tiny folders and what was made of them.
@Suite struct AttentionDriftTests {
    private struct Answer: Decodable {
        let drift: Double
        let heads: [String: [[Double]]]
    }

    private func answers(_ before: String, _ models: [String], _ test: String) throws -> [Answer] {
        let found = try Command.run(
            ["evaluate", "attention", "--before", before, "--test", test, "--json"]
                + models.flatMap { ["--model", $0] })
        #expect(found.status == 0, "\(found.errors)")
        return try found.output.split(separator: "\n").map {
            try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
        }
    }

    /// Heads that are gone are left out, and the others found by the numbers that they had.
    @Test func ofAPrunedTranslatorTheHeadsThatAreLeftCount() throws {
        let folder = try TemporaryFolder()
        let model = try TinyModel.folder.get().path
        let pairs = try folder.write(TinyModel.pairs.prefix(8).joined(separator: "\n") + "\n", to: "pairs.tsv")
        let output = folder.path("pruned")
        let pruned = try Command.run("prune", model, "--heads", "0.34", "--output", output, "--data", pairs)
        #expect(pruned.status == 0, "\(pruned.errors)")
        let found = try answers(model, [model, output], pairs)
        try #require(found.count == 2)
        #expect(found[0].drift == 0)
        #expect(found[0].heads.mapValues { $0.map(\.count) } == ["encoder": [2], "decoder": [2], "cross": [2]])
        #expect(found[1].drift > 0 && found[1].drift < 10)
        #expect(found[1].heads.values.flatMap(\.self).reduce(0) { $0 + $1.count } == 4, "\(found[1].heads)")
        // What the first encoder layer reads has not changed, so that heads of it that are left look where they did.
        #expect(found[1].heads["encoder"]?[0].allSatisfy { $0 < 1e-6 } == true, "\(found[1].heads)")
        let back = try answers(output, [model], pairs)
        #expect(back.first?.heads.values.flatMap(\.self).reduce(0) { $0 + $1.count } == 4)
    }

    @Test func ofAPrunedEncoderLikewise() throws {
        let folder = try TemporaryFolder()
        let model = TaskCommandTests.root + "vectors"
        let output = folder.path("pruned")
        let pruned = try Command.run("prune", model, "--heads", "0.5", "--output", output)
        #expect(pruned.status == 0, "\(pruned.errors)")
        let texts = try folder.write("the cat\n\nAda\n", to: "texts.txt")
        let found = try answers(model, [model, output], texts)
        try #require(found.count == 2)
        let counts = found.map { $0.heads["encoder"]?.reduce(0) { $0 + $1.count } ?? 0 }
        #expect(found[0].drift == 0 && counts[1] < counts[0] && counts[1] > 0, "\(counts)")
        let lines = try Command.run(
            "evaluate", "attention", "--before", model, "--model", output, "--test", texts, "--limit", "1")
        #expect(lines.output.hasPrefix("encoder\t") && lines.output.hasSuffix("\tnats a head\n"), "\(lines.output)")
    }

    @Test func whatCannotBeComparedIsSaid() throws {
        let folder = try TemporaryFolder()
        let model = try TinyModel.folder.get().path
        let blank = try folder.write("\n\n", to: "blank")
        let text = try folder.write("the cat\n", to: "text")
        let classes = TaskCommandTests.root + "classes"
        for (before, after, test, sentence) in [
            (model, model, blank, "attention drift: expected lines that both models read, found none among 0"),
            (model, TaskCommandTests.root + "vectors", text, "expected both models to read and write the same pieces"),
            (classes, folder.path("none"), text, folder.path("none")),
        ] {
            let found = try Command.run("evaluate", "attention", "--before", before, "--model", after, "--test", test)
            #expect(found.status == 65 && found.errors.contains(sentence), "\(found.status) \(found.errors)")
        }
        let none = try Command.run(
            "evaluate", "attention", "--before", model, "--model", model, "--test", text, "--limit", "0")
        #expect(none.status == 64 && none.errors.contains("--limit: expected at least 1 line"), "\(none.errors)")
    }
}
