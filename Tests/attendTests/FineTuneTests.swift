import AttentionFiles
import Foundation
import Testing

/// `attend train classify | answer | tag | embed` and `attend model merge`, run as processes on the tiny folders of the tasks' tests.
@Suite struct FineTuneTests {
    private static let root =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/AttentionTests/Fixtures/Tasks/"
    private static let fixtures = root + "../../../AttentionModelsTests/Fixtures/"
    /// A model, and adapters that PEFT made for it.
    static let adapters = [
        "--model", fixtures + "Pretrained/bert", "--adapter", fixtures + "Tuning/adapters-on-backbone",
    ]
    private static let classes = """
        rest\tThe cat sleeps.
        motion\tA dog runs.
        rest\tAda sleeps in the house.

        motion\tThe red cat runs on the street.

        """

    private func arguments(
        _ folder: TemporaryFolder, _ task: String = "classify", model: String = "vectors", data: String,
        valid: String? = nil,
        output: String = "model", _ changes: [String] = []
    ) -> [String] {
        let settings = ["batchSize=2", "maximumEpochs=40", "peakRate=0.01", "validationsPerEpoch=1"] + changes
        return [
            "train", task, "--model", Self.root + model, "--train", data, "--valid", valid ?? data, "--output",
            folder.path(output), "--threads", "1",
        ] + settings.flatMap { ["--set", $0] }
    }

    @Test func aClassifierIsTrainedAndAnswers() throws {
        let folder = try TemporaryFolder()
        let data = try folder.write(Self.classes, to: "data.tsv")
        let train = try Command.run(arguments(folder, data: data))
        #expect(train.status == 0, "\(train.errors)")
        #expect(train.errors.hasPrefix("attend: 4 examples, "), "\(train.errors)")
        #expect(
            train.errors.contains(
                "attend: a new head for 2 classes (motion, rest): head.output.weight, head.output.bias"),
            "\(train.errors)")
        #expect(train.errors.contains(", accuracy 1\n"), "\(train.errors)")
        let answer = try Command.run("classify", "--model", folder.path("model"), "A dog runs.")
        #expect(answer.output.hasPrefix("motion\t0."), "\(answer.errors)")
        let again = try Command.run(arguments(folder, data: data))
        #expect(again.status == 65)
        #expect(again.errors.contains("choose another --output, or continue with --resume"), "\(again.errors)")
    }

    @Test func everyTaskIsTrained() throws {
        let folder = try TemporaryFolder()
        let tags = try folder.write("Ada\tB-PER\nwalks\tO\n\nthe\tO\nsun\tO\n", to: "tags.tsv")
        let pairs = try folder.write("the cat\tcat sleeps\nAda\tLondon\n", to: "pairs.tsv")
        let answers = try folder.write(
            #"{"id": "1", "question": "Who walks?", "context": "Ada walks.", "answers": [{"text": "Ada", "answer_start": 0}]}"#
                + "\n",
            to: "answers.jsonl")
        for (task, data, question) in [
            ("tag", tags, ["tag", "Ada walks"]), ("embed", pairs, ["embed", "the cat"]),
            ("answer", answers, ["answer", "--context", "Ada walks.", "Who walks?"]),
        ] {
            let train = try Command.run(arguments(folder, task, data: data, output: task, ["maximumEpochs=3"]))
            #expect(train.status == 0, "\(task): \(train.errors)")
            let answer = try Command.run([question[0], "--model", folder.path(task)] + question.dropFirst())
            #expect(answer.status == 0, "\(task): \(answer.errors)")
        }
    }

    @Test func adaptersAreTrainedUsedAndMerged() throws {
        let folder = try TemporaryFolder()
        let data = try folder.write(Self.classes, to: "data.tsv")
        let train = try Command.run(arguments(folder, data: data, output: "adapters", ["adapter.rank=4"]))
        #expect(train.status == 0, "\(train.errors)")
        let base = Self.root + "vectors"
        let merge = try Command.run(
            "model", "merge", "--model", base, "--adapter", folder.path("adapters"), "--output", folder.path("merged"))
        #expect(merge.status == 0, "\(merge.errors)")
        let beside = try Command.run(
            "classify", "--model", base, "--adapter", folder.path("adapters"), "--top", "2", "A dog runs.")
        let merged = try Command.run("classify", "--model", folder.path("merged"), "--top", "2", "A dog runs.")
        #expect(beside.status == 0 && beside.output == merged.output, "\(beside.errors)")
        #expect(merged.output.hasPrefix("motion\t"), "\(merged.output)")
        let none = try Command.run(
            "model", "merge", "--model", base, "--adapter", base, "--output", folder.path("other"))
        #expect(none.status == 65)
        #expect(
            none.errors.contains(
                "expected a folder with adapter_config.json and adapter_model.safetensors, found none"),
            "\(none.errors)")
        let unknown = try Command.run(
            arguments(folder, data: data, output: "unknown", ["adapter.rank=4", "adapter.targets=q_proj"]))
        #expect(unknown.status == 64)
        #expect(unknown.errors.contains("found *.q_proj; it has encoder.layers.0."), "\(unknown.errors)")
    }

    @Test func badDataAreSentences() throws {
        let folder = try TemporaryFolder()
        let data = try folder.write(Self.classes, to: "data.tsv")
        func refusal(_ text: String, to name: String = "bad.tsv", task: String = "classify", isValid: Bool = false)
            throws
            -> String
        {
            let bad = try folder.write(text, to: name)
            let command = try Command.run(
                arguments(folder, task, data: isValid ? data : bad, valid: isValid ? bad : nil, output: "refused"))
            #expect(command.status == 65, "\(command.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path("refused/training/checkpoint.safetensors")))
            return command.errors
        }
        #expect(
            try refusal("rests\tsun\n", isValid: true).contains(
                #"expected the classes of the training data in the validation data, found "rests" for "sun"; did you mean "rest"?"#
            ))
        #expect(
            try refusal("rest\tsun\n\n\nmotion\n").contains(
                "bad.tsv: line 4: expected a label and a text, or two, with tabs between them, found one column"))
        #expect(try refusal("\n\n").contains("expected at least one training example, found none"))
        let moved =
            #"{"id": "q7", "question": "Who?", "context": "Ada.", "answers": [{"text": "Ada", "answer_start": 1}]}"#
        #expect(
            try refusal(moved, to: "bad.jsonl", task: "answer").contains(
                #"line 1: expected the answer "Ada" to question q7 at character 1 of its context, found other text"#))
        let missing = try Command.run(arguments(folder, data: folder.path("nothing.tsv")))
        #expect(missing.status == 65 && missing.errors.contains("nothing.tsv"), "\(missing.errors)")
        let model = try Command.run(arguments(folder, model: "nowhere", data: data))
        #expect(model.status == 65 && model.errors.contains("expected a folder with config.json"), "\(model.errors)")
        let setting = try Command.run(arguments(folder, data: data, ["peekRate=1"]))
        #expect(setting.status == 64 && setting.errors.contains(#"did you mean "peakRate"?"#), "\(setting.errors)")
        let usage = try Command.run("train", "classify", "--train", data, "--valid", data, "--output", "x")
        #expect(usage.status == 64 && usage.errors.contains("--model: expected"), "\(usage.errors)")
    }

    @Test func settingsArePrinted() throws {
        let plain = try Command.run("train", "classify", "--settings")
        #expect(plain.status == 0 && plain.output.contains("\"maximumLength\" : 128"), "\(plain.errors)")
        let answers = try Command.run("train", "answer", "--settings", "--set", "adapter.rank=8")
        #expect(answers.output.contains("\"maximumLength\" : 384") && answers.output.contains("\"rank\" : 8"))
    }

    /// A signal ends the training with a checkpoint, from which it goes on as if it had never ended.
    @Test func aSignalSaves() throws {
        let folder = try TemporaryFolder()
        let data = try folder.write(Self.classes, to: "data.tsv")
        let endless = arguments(folder, data: data, ["maximumEpochs=100000", "checkpointInterval=5"])
        let checkpoint = folder.path("model/training/checkpoint.safetensors")
        #expect(try Command.interrupt(endless, by: SIGTERM, when: checkpoint) == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path("model/model.safetensors")))
        let saved = try SafetensorsMetadata(path: checkpoint).updateCount
        #expect(saved >= 5)
        let more = try Command.run(endless + ["--set", "maximumUpdates=\(saved + 4)", "--resume"])
        #expect(more.status == 0, "\(more.errors)")
        let straight = try Command.run(
            arguments(
                folder, data: data, output: "straight",
                ["maximumEpochs=100000", "checkpointInterval=5", "maximumUpdates=\(saved + 4)"]))
        #expect(straight.status == 0, "\(straight.errors)")
        #expect(
            try FileContents.read(folder.path("model/model.safetensors"))
                == (try FileContents.read(folder.path("straight/model.safetensors"))))
    }
}

/// How far the training of a checkpoint has come.
private struct SafetensorsMetadata {
    let updateCount: Int

    init(path: String) throws {
        let text = String(decoding: try FileContents.read(path).prefix(200_000), as: UTF8.self)
        let found = try #require(text.firstMatch(of: /\\"update\\":(\d+)/))
        updateCount = try #require(Int(found.1))
    }
}
