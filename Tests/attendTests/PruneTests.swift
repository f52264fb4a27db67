import AttentionFiles
import Foundation
import Testing

/// `attend prune`, run as a process on tiny folders, and what it writes put to use.
@Suite struct PruneTests {
    @Test func aTranslatorIsSmallerAndTranslates() throws {
        let folder = try TemporaryFolder()
        let model = try TinyModel.folder.get().path
        let pairs = try folder.write(TinyModel.pairs.prefix(16).joined(separator: "\n") + "\n", to: "pairs.tsv")
        let output = folder.path("pruned")
        let found = try Command.run(
            "prune", model, "--heads", "0.34", "--hidden", "0.25", "--output", output, "--data", pairs, "--curve",
            folder.path("curve.svg"))
        #expect(found.status == 0, "\(found.errors)")
        let words = found.output.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(words.map { $0[0] } == ["parameters", "heads", "loss", "seconds"], "\(found.output)")
        #expect(try #require(Int(words[0][2])) < (try #require(Int(words[0][1]))))
        #expect(words[1][1] == "6" && words[1][2] == "4")
        let curve = try String(contentsOfFile: folder.path("curve.svg"), encoding: .utf8)
        #expect(curve.contains("<svg") && curve.contains("parameters") && curve.contains("time"))
        let configuration = try String(contentsOfFile: output + "/config.json", encoding: .utf8)
        #expect(configuration.contains("\"prunedHeads\"") && configuration.contains("\"feedForwardSize\" : 48"))
        let (size, before) = try (Self.size(output), Self.size(model))
        #expect(size < before)
        let translated = try Command.run("translate", "we like birds .", "--model", output, "--json")
        #expect(translated.status == 0, "\(translated.errors)")
        // It learns further, and again becomes smaller.
        let tuned = try Command.run(
            TinyModel.trainArguments(folder, output: "tuned", ["maximumUpdates=20"]).filter {
                !$0.hasPrefix("model.") || $0 == "model.dropout=0"
            }
            .removingLoneSets() + ["--initialize", output])
        #expect(tuned.status == 0, "\(tuned.errors)")
        let again = try Command.run(
            "prune", folder.path("tuned"), "--heads", "0.25", "--output", folder.path("again"), "--json")
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.output.contains("\"heads\" : 4"), "\(again.output)")
        #expect(try Command.run("translate", "we like birds .", "--model", folder.path("again")).status == 0)
    }

    /// Gates that cost more than any head is worth close, but for one of each attention; those that cost nothing stay open.
    @Test func gatesDecide() throws {
        let folder = try TemporaryFolder()
        let model = try TinyModel.folder.get().path
        let pairs = try folder.write(TinyModel.pairs.joined(separator: "\n") + "\n", to: "pairs.tsv")
        func pruned(_ price: String, _ output: String, updates: Int) throws -> Command {
            try Command.run(
                "prune", model, "--gates", price, "--data", pairs, "--output", folder.path(output), "--threads", "1",
                "--gate",
                "maximumUpdates=\(updates)", "--gate", "gateRate=0.2", "--gate", "batchTokens=256")
        }
        let dear = try pruned("1000", "dear", updates: 120)
        #expect(dear.status == 0, "\(dear.errors)")
        #expect(dear.output.contains("heads\t6\t3\n"), "\(dear.output)")
        let translated = try Command.run("translate", "we like birds .", "--model", folder.path("dear"))
        #expect(translated.status == 0, "\(translated.errors)")
        let (size, before) = try (Self.size(folder.path("dear")), Self.size(model))
        #expect(size < before)
        let free = try pruned("0", "free", updates: 5)
        #expect(free.status == 0 && free.output.contains("heads\t6\t6\n"), "\(free.output) \(free.errors)")
        let encoder = try Command.run(
            "prune", TaskCommandTests.root + "vectors", "--gates", "1", "--data", pairs, "--output", folder.path("o"))
        #expect(
            encoder.status == 65 && encoder.errors.contains("expected a translator trained here to learn gates"),
            "\(encoder.errors)")
        for (arguments, sentence) in [
            (["--gates", "1"], "--gates: expected --data"), (["--gate", "start=1"], "--gate: expected --gates"),
            (["--gates", "1", "--heads", "0.5", "--data", pairs], "--gates: expected no --heads"),
            (["--gates=-1", "--data", pairs], "--gates: expected a price of at least 0"),
        ] {
            let refused = try Command.run(["prune", model, "--output", folder.path("o")] + arguments)
            #expect(refused.status == 64 && refused.errors.contains(sentence), "\(refused.errors)")
        }
    }

    @Test func encodersSayItAsTransformersDoes() throws {
        let folder = try TemporaryFolder()
        let texts = try folder.write("the cat\tcat sleeps\nAda\tLondon\na dog\tthe dog runs\n", to: "texts.tsv")
        let output = folder.path("vectors")
        let found = try Command.run(
            "prune", TaskCommandTests.root + "vectors", "--heads", "0.5", "--hidden", "0.5", "--output", output,
            "--data", texts, "--json")
        #expect(found.status == 0, "\(found.errors)")
        let configuration = try String(contentsOfFile: output + "/config.json", encoding: .utf8)
        #expect(configuration.contains("\"pruned_heads\""), "\(configuration)")
        let vectors = try Command.run("embed", "--model", output, "the cat")
        #expect(vectors.status == 0, "\(vectors.errors)")
        let again = try Command.run("prune", output, "--hidden", "0.2", "--output", folder.path("again"))
        #expect(again.status == 0, "\(again.errors)")
        #expect(try Command.run("embed", "--model", folder.path("again"), "the cat").status == 0)
    }

    @Test func whatCannotBePrunedSaysSo() throws {
        let folder = try TemporaryFolder()
        for share in ["1", "-0.1", "nan"] {
            let command = try Command.run("prune", "x", "--heads=" + share, "--output", folder.path("o"))
            #expect(command.status == 64, "\(command.errors)")
        }
        let none = try Command.run("prune", "x", "--output", folder.path("o"))
        #expect(none.errors.contains("expected --heads or --hidden above 0, found neither"), "\(none.errors)")
        let other = try Command.run(
            "prune", TaskCommandTests.root + "continuations", "--heads", "0.5", "--output", folder.path("o"))
        #expect(other.status == 65 && other.errors.contains("text encoder"), "\(other.errors)")
        let occupied = try Command.run(
            "prune", TaskCommandTests.root + "vectors", "--heads", "0.5", "--output", TaskCommandTests.root + "vectors")
        #expect(
            occupied.status == 65
                && occupied.errors.hasPrefix("attend: save: expected a folder without a model, found config.json in "),
            "\(occupied.errors)")
        #expect(occupied.errors.hasSuffix("hint: take another --output\n"), "\(occupied.errors)")
    }

    private static func size(_ folder: String) throws -> Int {
        try Data(contentsOf: URL(fileURLWithPath: folder + "/model.safetensors")).count
    }
}

extension [String] {
    /// Without `--set` that no setting follows.
    fileprivate func removingLoneSets() -> [String] {
        enumerated().filter { place, word in
            word != "--set" || (place + 1 < count && !self[place + 1].hasPrefix("--"))
        }.map(\.element)
    }
}
