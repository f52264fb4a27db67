import Attention
import AttentionFiles
import Foundation
import Testing

@Suite struct TrainTests {
    @Test func everyArchitectureLearns() throws {
        let folder = try TemporaryFolder()
        let data = try folder.write(TinyModel.pairs.joined(separator: "\n"), to: "pairs.tsv")
        let mechanisms = ["none", "additive", "dot", "general", "concat", "location_sensitive", "monotonic_soft"]
        let local = [
            ["dot", "--set", "scope=local_p", "--set", "halfWidth=3", "--set", "normalizer=sparsemax"],
            ["normed_additive", "--set", "scope=local_m", "--set", "halfWidth=3"],
        ]
        for attention in mechanisms.map({ [$0] }) + local {
            let output = folder.path(attention[0] + "\(attention.count)")
            let train = try Command.run(
                ["train", "translation", "--architecture", "recurrent", "--attention"] + attention + [
                    "--train", data,
                    "--valid", data, "--output", output, "--threads", "1", "--set", "embeddingSize=16", "--set",
                    "hiddenSize=32",
                    "--set", "model.dropout=0", "--set", "tokenizerSize=400", "--set", "batchTokens=256", "--set",
                    "smoothing=0",
                    "--set", "maximumUpdates=1000", "--set", "warmup=50", "--set", "schedule=constant",
                    "--set", "peakRate=0.004", "--set", "patience=0", "--set", "validationInterval=300",
                    "--set", "snapshotCount=1",
                ])
            #expect(train.status == 0, "\(train.errors)")
            let evaluate = try Command.run("evaluate", "translation", "--model", output, "--test", data, "--json")
            let scores = try #require(
                JSONSerialization.jsonObject(with: Data(evaluate.output.utf8)) as? [String: Any])
            #expect(try #require(scores["bleu"] as? Double) > 90, "\(attention): \(evaluate.output)")
        }
    }

    @Test func aTrainingInBfloat16IsAnother() throws {
        let folder = try TemporaryFolder()
        let weights = try ["float32", "bfloat16"].map { precision in
            let changes = ["maximumUpdates=15", "precision=\(precision)"]
            let train = try Command.run(TinyModel.trainArguments(folder, output: precision, changes))
            #expect(train.status == 0, "\(train.errors)")
            return try Data(contentsOf: URL(fileURLWithPath: folder.path(precision + "/model.safetensors")))
        }
        #expect(weights[0] != weights[1])
        let wrong = try Command.run(TinyModel.trainArguments(folder, output: "wrong", ["precision=half"]))
        #expect(wrong.status == 64 && wrong.errors.contains("bfloat16"), "\(wrong.errors)")
    }

    @Test func pairsWithoutContentAreLeftOutAndCounted() throws {
        let folder = try TemporaryFolder()
        let lines =
            TinyModel.pairs + TinyModel.pairs.prefix(3).map { $0.prefix { $0 != "\t" } + "\t \u{A0}" } + ["", "  "]
        let data = try folder.write(lines.joined(separator: "\n") + "\n", to: "holes.tsv")
        let command = try Command.run(
            "train", "translation", "--train", data, "--valid", data, "--output", folder.path("m"), "--set",
            "maximumUpdates=1", "--set", "tokenizerSize=400", "--set", "modelSize=32", "--set", "feedForwardSize=32")
        #expect(command.status == 0, "\(command.errors)")
        #expect(
            command.errors.contains("attend: \(TinyModel.pairs.count) pairs (3 with an empty side, left out)"),
            "\(command.errors)")
    }

    /// What was kept before the rate fell is no part of the model that has cooled down.
    @Test func theModelThatCooledIsTheLast() throws {
        let folder = try TemporaryFolder()
        let weights = try ["best", "last"].map { snapshots in
            let changes = ["maximumUpdates=50", "cooldown=20", "snapshots=\(snapshots)", "validationInterval=15"]
            let count = "snapshotCount=\(snapshots == "best" ? 3 : 1)"
            let train = try Command.run(TinyModel.trainArguments(folder, output: snapshots, changes + [count]))
            #expect(train.status == 0, "\(train.errors)")
            return try Data(contentsOf: URL(fileURLWithPath: folder.path(snapshots + "/model.safetensors")))
        }
        #expect(weights[0] == weights[1])
        let shorter = try TinyModel.trainArguments(
            folder, output: "shorter",
            ["maximumUpdates=45", "snapshots=last", "validationInterval=15"])
        #expect(try Command.run(shorter).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("shorter/model.safetensors"))) != weights[0])
    }

    /// Two files by size are one file; evened out, they are another training, which names its corpora.
    @Test func filesAreMixed() throws {
        let folder = try TemporaryFolder()
        let files = try [TinyModel.pairs[..<40], TinyModel.pairs[40...]].enumerated().map {
            try folder.write($1.joined(separator: "\n") + "\n", to: "\($0).tsv")
        }
        func train(_ output: String, _ changes: [String], twice: Bool) throws -> Data {
            var arguments = try TinyModel.trainArguments(folder, output: output, ["maximumUpdates=15"] + changes)
            if twice { arguments.replaceSubrange(2..<4, with: files.flatMap { ["--train", $0] }) }
            let command = try Command.run(arguments)
            #expect(command.status == 0, "\(command.errors)")
            return try Data(contentsOf: URL(fileURLWithPath: folder.path(output + "/model.safetensors")))
        }
        let one = try train("one", [], twice: false)
        #expect(try train("two", [], twice: true) == one)
        #expect(try train("mixed", ["samplingTemperature=5"], twice: true) != one)
        let checkpoint = try Data(
            contentsOf: URL(fileURLWithPath: folder.path("mixed/training/checkpoint.safetensors")))
        #expect(String(decoding: checkpoint.prefix(20_000), as: UTF8.self).contains("40 + 8 pairs"))
    }

    @Test func aTrainedModelIsWhereTrainingStarts() throws {
        let model = try TinyModel.folder.get().path
        let folder = try TemporaryFolder()
        func train(_ output: String, _ options: [String], _ changes: [String] = []) throws -> Command {
            let data = try folder.write(TinyModel.pairs.joined(separator: "\n") + "\n", to: "pairs.tsv")
            let settings = ["batchTokens=256", "maximumUpdates=4", "validationInterval=2", "peakRate=1e-5"] + changes
            return try Command.run(
                ["train", "translation", "--train", data, "--valid", data, "--output", folder.path(output)] + options
                    + settings.flatMap { ["--set", $0] })
        }
        let warm = try train("warm", ["--initialize", model], ["model.dropout=0.2"])
        #expect(warm.status == 0, "\(warm.errors)")
        let words = warm.errors.split(whereSeparator: \.isWhitespace)
        let last = try #require(words.lastIndex(of: "loss"))
        #expect(try #require(Double(words[last + 1])) < 0.5, "a trained model knows its pairs: \(warm.errors)")
        let tokenizers = try [model, folder.path("warm")].map {
            try Data(contentsOf: URL(fileURLWithPath: $0 + "/tokenizer.json"))
        }
        #expect(tokenizers[0] == tokenizers[1])
        for (options, changes, sentence) in [
            ([], ["model.modelSize=64"], "found model.modelSize 64 instead of 32"),
            (["--architecture", "recurrent"], [], "found architecture recurrent instead of transformer"),
            (["--attention", "cosine"], [], "found model.attention cosine instead of scaled_dot"),
        ] as [([String], [String], String)] {
            let command = try train("other", ["--initialize", model] + options, changes)
            #expect(command.status == 65)
            #expect(command.errors.contains(sentence), "\(command.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("other")))
    }

    @Test func damagedFoldersAreSentences() throws {
        let folder = try TemporaryFolder()
        let arguments = try TinyModel.trainArguments(folder, output: "model", ["maximumUpdates=40"])
        #expect(try Command.run(arguments).status == 0)
        let again = try TinyModel.trainArguments(folder, output: "model", ["maximumUpdates=45"]) + ["--resume"]
        let log = try String(contentsOfFile: folder.path("model/log.jsonl"), encoding: .utf8)
        _ = try folder.write("x" + log.dropFirst(), to: "model/log.jsonl")
        let command = try Command.run(again)
        #expect(command.status == 65)
        #expect(command.errors.contains("expected an event of a training in line 1 of"), "\(command.errors)")
        _ = try folder.write("{}", to: "model/tokenizer.json")
        let broken = try Command.run(again)
        #expect(broken.status == 65)
        #expect(broken.errors.contains("model/tokenizer.json: tokenizer: "), "\(broken.errors)")
    }

    @Test func learnedPositionsLimitWhatIsRead() throws {
        let folder = try TemporaryFolder()
        let arguments = try TinyModel.trainArguments(
            folder, output: "model", ["positions=learned", "model.maximumLength=12", "maximumUpdates=30"])
        let train = try Command.run(arguments)
        #expect(train.status == 0, "\(train.errors)")
        let long = String(repeating: "birds ", count: 12)
        let parts = try Command.run(["translate", long, "--model", folder.path("model")])
        #expect(parts.status == 0, "\(parts.errors)")
        let translate = try Command.run(["translate", long, "--model", folder.path("model"), "--split", "none"])
        #expect(translate.status == 65)
        #expect(translate.errors.contains("expected a sentence of at most 11 pieces"), "\(translate.errors)")
        let data = try folder.write("we like birds .\tnous oiseaux aime .\n\(long)\toiseaux\n", to: "long.tsv")
        let evaluate = try Command.run(["evaluate", "translation", "--model", folder.path("model"), "--test", data])
        #expect(evaluate.output.contains("2 sentences"), "\(evaluate.output)")
    }

    @Test func aForeignTokenizerIsRefused() throws {
        let folder = try TemporaryFolder()
        let foreign = try folder.write(
            """
            {"model": {"type": "WordPiece", "vocab": {"[UNK]": 0, "a": 1}, "unk_token": "[UNK]",
            "continuing_subword_prefix": "//", "max_input_chars_per_word": 100}}
            """,
            to: "foreign.json")
        let command = try Command.run(TinyModel.trainArguments(folder, output: "model") + ["--tokenizer", foreign])
        #expect(command.status == 65)
        #expect(command.errors.contains("expected a tokenizer with the piece <pad>"), "\(command.errors)")
    }

    @Test func wrongSettings() throws {
        let folder = try TemporaryFolder()
        for (assignment, sentence) in [
            ("dropuot=0.3", "did you mean \"dropout\"?"), ("headCount=3", "a multiple of 3 heads"),
            ("dropout", "expected key=value"),
            ("batchTokens=0", "expected training.batchTokens to be at least 1, found 0"),
            ("modelSize=4000000000000000", "expected modelSize to be from 1 to 65536"),
            ("patience=2.5", "expected training.patience to be"), ("normOrder=middle", "found \"middle\""),
            ("peakRate=0", "expected training.peakRate to be above 0"), ("smoothing=1", "below 1, found 1.0"),
        ] {
            let command = try Command.run(TinyModel.trainArguments(folder, output: "model", [assignment]))
            #expect(command.status == 64)
            #expect(command.errors.contains(sentence), "\(command.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("model")))
    }

    /// Mechanisms chosen by name are trained, saved, read again and translate.
    @Test(arguments: [
        ["--architecture", "recurrent", "--attention", "general", "--set", "scope=local_m", "--set", "halfWidth=3"],
        [
            "--architecture", "recurrent", "--attention", "dot", "--set", "scope=local_p", "--set",
            "normalizer=sparsemax",
        ],
        ["--architecture", "recurrent", "--attention", "location_sensitive", "--set", "filterWidth=5"],
        ["--architecture", "recurrent", "--attention", "mocha", "--set", "chunkWidth=2"],
        ["--attention", "cosine", "--set", "positions=rope", "--set", "selfNormalizer=sparsemax"],
        ["--set", "positions=t5", "--set", "crossNormalizer=entmax15"],
    ])
    func mechanismsByName(_ choice: [String]) throws {
        let folder = try TemporaryFolder()
        let data = try folder.write(TinyModel.pairs.joined(separator: "\n"), to: "pairs.tsv")
        let sizes =
            choice.contains("recurrent")
            ? ["embeddingSize=8", "hiddenSize=16"] : ["modelSize=16", "headCount=2", "feedForwardSize=16"]
        let settings = sizes + ["tokenizerSize=340", "batchTokens=256", "maximumUpdates=6", "validationInterval=3"]
        let train = try Command.run(
            ["train", "translation", "--train", data, "--valid", data, "--output", folder.path("model")] + choice
                + settings.flatMap { ["--set", $0] })
        #expect(train.status == 0, "\(train.errors)")
        let translate = try Command.run("translate", "we like birds .", "--model", folder.path("model"), "--json")
        #expect(translate.status == 0, "\(translate.errors)")
    }

    @Test func mechanismsThatAModelDoesNotTake() throws {
        let folder = try TemporaryFolder()
        let data = try folder.write(TinyModel.pairs.joined(separator: "\n"), to: "pairs.tsv")
        for (choice, sentence) in [
            (
                ["--attention", "coverage"],
                "expected attention to be a score, since a Transformer's positions all look at once"
            ),
            (["--set", "crossNormalizer=hardmax"], "expected crossNormalizer to be one that gradients flow through"),
            (["--architecture", "recurrent", "--attention", "location"], "one that can score a source of any length"),
            (
                ["--architecture", "recurrent", "--attention", "monotonic_soft", "--set", "scope=local_m"],
                "expected scope to be global for monotonic_soft"
            ),
        ] {
            let command = try Command.run(
                ["train", "translation", "--train", data, "--valid", data, "--output", folder.path("model")] + choice)
            #expect(command.status == 64)
            #expect(command.errors.contains(sentence), "\(command.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("model")))
    }

    @Test func wrongData() throws {
        let folder = try TemporaryFolder()
        let good = try folder.write(TinyModel.pairs.joined(separator: "\n"), to: "good.tsv")
        for (name, text, sentence) in [
            ("one.tsv", "only one column\n", "line 1"), ("empty.tsv", "", "empty.tsv"),
            ("missing.tsv", nil as String?, "No such file"),
        ] {
            let path = try text.map { try folder.write($0, to: name) } ?? folder.path(name)
            let command = try Command.run(
                "train", "translation", "--train", path, "--valid", good, "--output", folder.path("model"))
            #expect(command.status == 65)
            #expect(command.errors.contains(sentence), "\(command.errors)")
        }
    }

    @Test func missingOptionsAreUsageErrors() throws {
        let command = try Command.run("train", "translation", "--output", "x")
        #expect(command.status == 64)
        #expect(command.errors.contains("--train: expected at least one file of sentence pairs"))
    }
}
