import AttentionFiles
import Foundation
import Testing

/// `attend train language | summarization` and what reads their folders, run as processes on tiny texts.
@Suite struct TextTrainingTests {
    private static let verse = String(
        repeating: "The cat sat on the mat, and the dog sat by the door.\nThe dog ran, and the cat ran too.\n\n",
        count: 12)
    private static let pairs = (0..<24).map { index in
        let (animal, place) = (["cat", "dog", "owl"][index % 3], ["house", "garden"][index % 2])
        return
            "There is a \(animal) that lives in the \(place) number \(index). It is very old.\t\(animal) of the \(place)\n"
    }.joined()
    private static let small = ["model.modelSize=16", "model.headCount=2", "model.dropout=0.1"]
    private static let quick = ["training.peakRate=0.01", "training.warmup=5", "training.weightDecay=0"]

    private func language(
        _ folder: TemporaryFolder, output: String = "model", _ changes: [String] = [], settings: [String]? = nil
    ) throws -> [String] {
        let text = try folder.write(Self.verse, to: "verse.txt")
        let defaults =
            Self.small + Self.quick + [
                "model.layerCount=1", "text.tokenizerSize=290", "text.blockLength=16", "text.batchSize=4",
                "training.maximumUpdates=30", "training.validationInterval=10", "training.checkpointInterval=5",
            ]
        return [
            "train", "language", "--train", text, "--valid", text, "--output", folder.path(output), "--threads", "1",
        ] + ((settings ?? defaults) + changes).flatMap { ["--set", $0] }
    }

    private func summarization(
        _ folder: TemporaryFolder, output: String = "model", _ changes: [String] = []
    ) throws -> [String] {
        let pairs = try folder.write(Self.pairs, to: "pairs.tsv")
        let settings =
            Self.small + Self.quick + [
                "model.encoderLayerCount=1", "model.decoderLayerCount=1", "model.headSize=8",
                "model.feedForwardSize=32",
                "text.tokenizerSize=400", "text.batchTokens=512", "training.maximumUpdates=30",
                "training.validationInterval=10", "training.checkpointInterval=5",
            ]
        return [
            "train", "summarization", "--train", pairs, "--valid", pairs, "--output", folder.path(output), "--threads",
            "1",
        ] + (settings + changes).flatMap { ["--set", $0] }
    }

    private func losses(_ errors: String) -> [Double] {
        errors.matches(of: /validation loss ([0-9.]+)/).compactMap { Double($0.output.1) }
    }

    @Test func aLanguageModelIsTrainedAndWrites() throws {
        let folder = try TemporaryFolder()
        let train = try Command.run(language(folder))
        #expect(train.status == 0, "\(train.errors)")
        #expect(train.errors.contains(" tokens of 1 text, 284 pieces, "), "\(train.errors)")
        let found = losses(train.errors)
        #expect(found.count == 3 && found[2] < found[0], "\(train.errors)")
        #expect(train.errors.contains(" bits per byte\n"))
        let write = try Command.run(
            "generate", "--model", folder.path("model"), "--max-new-tokens", "8", "The cat", "--json")
        #expect(write.status == 0 && write.output.contains("\"texts\""), "\(write.errors)")
        let score = try Command.run("score", "--model", folder.path("model"), "The cat sat on the mat.")
        #expect(score.status == 0, "\(score.errors)")
        for file in [
            "config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json", "settings.json",
        ] {
            #expect(FileManager.default.fileExists(atPath: folder.path("model/" + file)), "\(file)")
        }
        // What was trained goes on from its folder, better at once than what is random.
        let more = try Command.run(
            language(
                folder, output: "more",
                settings: ["training.maximumUpdates=10", "training.validationInterval=10", "text.blockLength=8"])
                + ["--model", folder.path("model")])
        #expect(more.status == 0, "\(more.errors)")
        #expect(try #require(losses(more.errors).first) < found[0])
        let again = try Command.run(language(folder))
        #expect(again.status == 65 && again.errors.contains("continue with --resume"), "\(again.errors)")
    }

    @Test func aSummarizerIsTrainedAndMeasured() throws {
        let folder = try TemporaryFolder()
        let train = try Command.run(summarization(folder, ["training.maximumUpdates=60", "text.prefix=say: "]))
        #expect(train.status == 0, "\(train.errors)")
        #expect(train.errors.contains("attend: 24 texts, "), "\(train.errors)")
        let found = losses(train.errors)
        #expect(found.count == 6 && found[5] < found[0], "\(train.errors)")
        let summary = try Command.run(
            "summarize", "--model", folder.path("model"), "There is a cat that lives in the house.", "--max-new-tokens",
            "8")
        #expect(summary.status == 0, "\(summary.errors)")
        try Data([0x63, 0xE9, 0x0A]).write(to: URL(fileURLWithPath: folder.path("latin1.txt")))
        let other = try Command.run("summarize", "--model", folder.path("model"), "--file", folder.path("latin1.txt"))
        #expect(other.status == 65 && other.output.isEmpty, "\(other)")
        #expect(other.errors.contains("latin1.txt: expected UTF-8 text, found other bytes"), "\(other.errors)")
        let lines = try folder.write(
            #"{"long": "There is a cat that lives in the house number 0. It is old.", "short": "cat of the house"}"#
                + "\n",
            to: "test.jsonl")
        let measured = try Command.run(
            "evaluate", "summarization", "--model", folder.path("model"), "--test", lines, "--text-field", "long",
            "--summary-field", "short", "--summaries", folder.path("summaries.txt"))
        #expect(measured.status == 0, "\(measured.errors)")
        // Of "there is a cat that lives in the house number 0" three words are among the four of the summary: P = 3/11, R = 3/4.
        #expect(
            measured.output.contains("first sentence\tROUGE-1 40\tROUGE-2 15.38\tROUGE-L 40"),
            "\(measured.output)")
        #expect(try FileContents.read(folder.path("summaries.txt")).last == UInt8(ascii: "\n"))
        let json = try Command.run(
            "evaluate", "summarization", "--model", folder.path("model"), "--test", folder.path("pairs.tsv"), "--json",
            "--beam", "1")
        #expect(json.status == 0 && json.output.contains("\"textCount\":24"), "\(json.output)\(json.errors)")
        let more = try Command.run(
            "train", "summarization", "--train", folder.path("pairs.tsv"), "--valid", folder.path("pairs.tsv"),
            "--model", folder.path("model"), "--output", folder.path("more"), "--set", "training.maximumUpdates=5",
            "--set", "training.validationInterval=5")
        #expect(more.status == 0, "\(more.errors)")
        #expect(try #require(losses(more.errors).first) < found[0])
    }

    /// A signal ends the training with a checkpoint, from which it goes on as if it had never ended.
    @Test(arguments: [("language", SIGTERM), ("summarization", SIGINT), ("language", SIGHUP)])
    func aSignalSaves(_ task: String, _ signal: Int32) throws {
        let folder = try TemporaryFolder()
        func arguments(_ output: String, _ count: Int) throws -> [String] {
            let changes = ["training.maximumUpdates=\(count)", "training.validationInterval=3"]
            return try task == "language"
                ? language(folder, output: output, changes) : summarization(folder, output: output, changes)
        }
        let checkpoint = folder.path("model/training/checkpoint.safetensors")
        #expect(try Command.interrupt(arguments("model", 60), by: signal, when: checkpoint) == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path("model/model.safetensors")))
        let other = try Command.run(arguments("model", 61) + ["--resume"])
        #expect(other.status == 65 && other.errors.contains("maximumUpdates"), "\(other.errors)")
        let rest = try Command.run(arguments("model", 60) + ["--resume"])
        #expect(rest.status == 0, "\(rest.errors)")
        let straight = try Command.run(arguments("straight", 60))
        #expect(straight.status == 0, "\(straight.errors)")
        for file in ["model.safetensors", "config.json", "tokenizer.json"] {
            #expect(
                try FileContents.read(folder.path("model/" + file))
                    == (try FileContents.read(folder.path("straight/" + file))), "\(file)")
        }
    }

    /// What was trained on 16 tokens reads 40, if its positions have no end.
    @Test(arguments: ["sinusoidal", "rope", "alibi", "learned"]) func aModelReadsBeyondItsTraining(_ positions: String)
        throws
    {
        let folder = try TemporaryFolder()
        let changes = ["model.positions=\(positions)", "training.maximumUpdates=10"]
        let train = try Command.run(language(folder, changes))
        #expect(train.status == 0, "\(train.errors)")
        let measure = [
            "evaluate", "language", "--model", folder.path("model"), "--test", folder.path("verse.txt"), "--length",
            "40",
            "--bucket", "16",
        ]
        let found = try Command.run(measure)
        let stretched = try Command.run(measure + ["--rope-stretch", "yarn"])
        guard positions != "learned" else {
            #expect(found.status == 65 && found.errors.contains("fewer than 17 tokens"), "\(found.errors)")
            return
        }
        #expect(found.status == 0, "\(found.errors)")
        let rows = found.output.split(separator: "\n").map { $0.split(separator: "\t") }
        #expect(rows.map { $0[0] } == ["1–15", "16–31", "32–39"], "\(found.output)")
        let counts = rows.compactMap { Int($0[2]) }
        #expect(
            counts.count == 3 && counts[0] % 15 == 0 && counts[1] * 15 == counts[0] * 16 && counts[2] * 2 == counts[1])
        #expect(rows.compactMap { Double($0[1]) }.allSatisfy { $0 > 1 && $0 < 1000 }, "\(found.output)")
        guard positions == "rope" else {
            #expect(
                stretched.status == 65 && stretched.errors.contains("a model with rotary positions"),
                "\(stretched.errors)")
            return
        }
        #expect(stretched.status == 0 && stretched.output != found.output, "\(stretched.errors)")
        // One block of the whole text is what `score` says of it.
        let sentence = try folder.write("The cat sat.", to: "sentence.txt")
        let score = try Command.run("score", "--model", folder.path("model"), "The cat sat.")
        let columns = score.output.dropLast().split(separator: "\t")
        try #require(score.status == 0 && columns.count == 3, "\(score.errors)")
        let whole = try Command.run([
            "evaluate", "language", "--model", folder.path("model"), "--test", sentence, "--length", "\(columns[2])",
        ])
        #expect(whole.output.split(separator: "\t").dropFirst().first == columns[1], "\(whole.output)\(whole.errors)")
        let long = try Command.run(measure.map { $0 == "40" ? "100000" : $0 } + ["--json"])
        #expect(
            long.status == 65 && long.errors.contains("evaluate: expected a text of at least 100000 tokens, found "),
            "\(long.errors)")
    }

    @Test func badTextsAreSentences() throws {
        let folder = try TemporaryFolder()
        let short = try folder.write("ab", to: "short.txt")
        let refusals: [([String], Int32, String)] = [
            (try language(folder) + ["--train", folder.path("nothing.txt")], 65, "nothing.txt"),
            (
                ["train", "language", "--train", short, "--valid", short, "--output", folder.path("x")], 65,
                "train: expected more than 256 tokens of training data, found 4"
            ),
            (
                try language(folder, ["model.headCount=3"]), 64,
                "configuration: expected model.modelSize to be a multiple of 3 heads, found 16"
            ),
            (
                try language(folder) + ["--model", folder.path("nowhere")], 65,
                "train: expected the model to start from"
            ),
            (["train", "language", "--train", short, "--valid", short], 64, "--output: expected a folder"),
            (
                ["train", "summarization", "--train", short, "--valid", short, "--output", folder.path("x")], 65,
                "short.txt: line 1: expected a text and its summary with a tab between them, found one column"
            ),
        ]
        for (arguments, status, sentence) in refusals {
            let command = try Command.run(arguments)
            #expect(command.status == status && command.errors.contains(sentence), "\(command.errors)")
        }
        try Data([0x61, 0x0A, 0x62, 0xFF]).write(to: URL(fileURLWithPath: folder.path("latin.txt")))
        let latin = try Command.run(language(folder) + ["--train", folder.path("latin.txt")])
        #expect(
            latin.status == 65 && latin.errors.contains("latin.txt: line 2 is not valid UTF-8; byte 2"),
            "\(latin.errors)")
    }
}
