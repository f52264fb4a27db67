import Attention
import Foundation
import Testing

/// Every command against a disk that is full: a sentence and 65, and never a silence.
@Suite struct FullDiskTests {
    /// Files that commands can work on.
    private struct Material {
        let folder: TemporaryFolder
        let model: String
        let pairs: String
        let spec: String
        let tensors: String
        let examples: [String: String]
        /// A model that sees, and a picture.
        let seeing: [String]
        /// One that writes about what it sees, and one that finds objects.
        let captioning: [String]
        let detecting: [String]
        /// A model that hears, and a sound.
        let hearing: [String]
        /// A model of notes.
        let composing: String
        /// Where a model looked.
        let kept: String
        /// Where one that sees looked on its picture.
        let seen: String
        /// How a policy learnt.
        let learnt: String

        init() throws {
            folder = try TemporaryFolder()
            model = try TinyModel.folder.get().path
            pairs = try folder.write("we like birds .\tnous oiseaux aime .\n", to: "pairs.tsv")
            spec = try folder.write(#"{"mechanism": "scaled_dot"}"#, to: "spec.json")
            tensors = folder.path("in.safetensors")
            examples = [
                "classify": try folder.write("calm\tThe cat sleeps.\nbusy\tA dog runs.\n", to: "classes.tsv"),
                "tag": try folder.write("Ada\tB-PER\n", to: "tags.tsv"), "embed": pairs,
                "answer": try folder.write(
                    #"{"id": "1", "question": "Who?", "context": "Ada.", "answers": [{"text": "Ada", "answer_start": 0}]}"#
                        + "\n", to: "answers.jsonl"),
            ]
            let picture = try LabelTests.picture(in: folder)
            seeing = ["--model", try LabelTests.model("vit-classes", height: 6, width: 4, in: folder), picture]
            captioning = ["--model", try LabelTests.model("blip", height: 6, width: 6, in: folder), picture]
            detecting = ["--model", try DetectTests.model(in: folder), "--threshold", "0", picture]
            hearing = [
                "--model", try TranscribeTests.model(in: folder), try TranscribeTests.sound(seconds: 0.2, in: folder),
            ]
            composing = try ComposeTests.model(in: folder)
            learnt = folder.path("learnt")
            try FileManager.default.createDirectory(atPath: learnt, withIntermediateDirectories: true)
            _ = try folder.write(CurvesTests.log(of: [0.5]), to: "learnt/log.jsonl")
            seen = folder.path("seen.trace")
            _ = try Command.run(["label", "--attention", seen] + seeing)
            kept = folder.path("snapshot")
            _ = try Command.run("snapshot", "we like birds .", "--model", model, "--output", kept)
            try Safetensors.write(
                ["query", "key", "value"].map { Safetensors.Entry($0, .ones([1, 1, 2, 4])) }, to: tensors)
        }
    }

    /// A task's command with the tiny folder of a model that can do it.
    private func task(_ name: String, _ model: String, _ arguments: String...) -> [[String]: [[String]]] {
        [[name]: [["--model", TaskCommandTests.root + model] + arguments]]
    }

    /// The commands of tasks.
    private var tasks: [[String]: [[String]]] {
        [
            task("embed", "vectors", "a"), task("similarity", "vectors", "a", "b"), task("rerank", "pairs", "a", "b"),
            task("fill-mask", "words", "a [MASK]"), task("classify", "classes", "a"), task("tag", "names", "a"),
            task("answer", "answers", "--context", "The cat sleeps.", "Who sleeps?"), task("tokenize", "words"),
            [["forward"]: [], ["generate"]: [], ["score"]: [], ["summarize"]: [], ["chat"]: []],
        ].reduce([:]) { $0.merging($1) { $1 } }
    }

    /// Training and measuring models of tasks.
    private func tuning(_ material: Material) -> [[String]: [[String]]] {
        let models = ["classify": "classes", "tag": "names", "embed": "vectors", "answer": "answers"]
        return models.reduce(into: [["model", "merge"]: []]) { commands, task in
            commands[["train", task.key]] = [["--settings"]]
            commands[["evaluate", task.key]] = [
                ["--model", TaskCommandTests.root + task.value, "--test", material.examples[task.key] ?? ""]
            ]
        }
    }

    /// Each command, and what to tell it so that it writes to standard output.
    private func printing(_ material: Material) -> [[String]: [[String]]] {
        [
            ["doctor"]: [[material.model]],
            ["snapshot"]: [["we like birds .", "--model", material.model, "--output", material.folder.path("kept")]],
            ["verify"]: [[material.kept, "--model", material.model]],
            ["translate"]: [
                ["we like birds .", "--model", material.model], ["--model", material.model],
                ["--model", material.model, "--file", material.pairs], ["a", "--model", material.model, "--json"],
            ],
            ["inspect"]: [["we like birds .", "--model", material.model]],
            ["align"]: [["--source", material.pairs, "--target", material.pairs, "--model", material.model]],
            ["distill"]: [["--settings"]], ["train", "translation"]: [["--settings"]],
            ["train", "language"]: [["--settings"]],
            ["train", "summarization"]: [["--settings"]], ["evaluate", "summarization"]: [],
            ["evaluate", "language"]: [],
            ["evaluate", "attention"]: [
                ["--before", material.model, "--model", material.model, "--test", material.pairs]
            ],
            ["train", "images"]: [["--settings"]], ["evaluate", "images"]: [],
            ["train", "detection"]: [["--settings"]], ["evaluate", "detection"]: [],
            ["train", "sounds"]: [["--settings"]], ["evaluate", "sounds"]: [],
            ["train", "speech"]: [["--settings"]], ["evaluate", "speech"]: [],
            ["evaluate", "translation"]: [
                ["--model", material.model, "--test", material.pairs],
                ["--model", material.model, "--test", material.pairs, "--json"],
            ],
            ["tokenizer", "train"]: [],
            ["model", "info"]: [[material.model], [material.model, "--parameters"]],
            ["model", "convert"]: [],
            ["quantize"]: [
                [
                    TaskCommandTests.root + "vectors", "--bits", "8", "--output", material.folder.path("quantized"),
                    "--text", material.pairs,
                ]
            ],
            ["prune"]: [
                [TaskCommandTests.root + "vectors", "--heads", "0.5", "--output", material.folder.path("pruned")]
            ],
            ["compose"]: [
                [
                    "--model", material.composing, "--bars", "1", "--output", material.folder.path("chorale.mid"),
                    "--threads", "1",
                ]
            ],
            ["play"]: [
                ["memory", "--policy", "random"], ["memory", "--policy", "random", "--json"],
                ["memory", "--policy", "random", "--watch"],
            ],
            ["train", "policy"]: [["memory", "--settings"]],
            ["label"]: [material.seeing, material.seeing + ["--json"]],
            ["caption"]: [material.captioning, material.captioning + ["--json"]],
            ["detect"]: [material.detecting, material.detecting + ["--json"]],
            ["transcribe"]: [material.hearing, material.hearing + ["--json"], material.hearing + ["--vtt"]],
            ["compute"]: [["--list"]],
            ["compare"]: [["dot", "--updates", "1", "--maximum-length", "1"]],
            ["mechanisms"]: [[], ["dot"], ["--markdown", "x"]],
            ["curves"]: [["attention=" + material.learnt]],
            ["bench"]: [["adam", "--seconds", "0.001"], ["adam", "--seconds", "0.001", "--json"]],
        ].merging(tasks) { $1 }.merging(tuning(material)) { $1 }
    }

    /// Each command's files, where it writes any.
    private func writing(_ material: Material) -> [[String]] {
        let train = ["train", "translation", "--train", material.pairs, "--valid", material.pairs]
        let tune = material.examples.keys.sorted().map { task in
            let examples = material.examples[task] ?? ""
            return [
                "train", task, "--model", TaskCommandTests.root + "vectors", "--train", examples, "--valid", examples,
                "--output", "/dev/full",
            ]
        }
        return tune + [
            ["translate", "we like birds .", "--model", material.model, "--heatmap", "FULL.svg"],
            ["inspect", "we like birds .", "--model", material.model, "--output", "FULL.svg"],
            ["inspect", "we like birds .", "--model", material.model, "--format", "trace", "--output", "/dev/full"],
            ["inspect", "--trace", material.seen, "--view", "overlay", "--output", "FULL.svg"],
            ["translate", "--model", material.model, "--file", material.pairs, "--output", "/dev/full"],
            train + ["--output", "/dev/full"],
            ["evaluate", "translation", "--model", material.model, "--test", material.pairs, "--chart", "FULL.svg"],
            [
                "evaluate", "translation", "--model", material.model, "--test", material.pairs, "--hypotheses",
                "/dev/full",
            ],
            ["tokenizer", "train", "--train", material.pairs, "--output", "/dev/full"],
            ["model", "convert", material.model, "--output", "/dev/full/model"],
            ["quantize", material.model, "--bits", "4", "--output", "/dev/full/model"],
            ["quantize", TaskCommandTests.root + "vectors", "--bits", "4", "--output", "/dev/full/model"],
            ["prune", material.model, "--heads", "0.5", "--output", "/dev/full/model"],
            ["model", "merge", "--output", "/dev/full/model"] + FineTuneTests.adapters,
            ["compute", "--inputs", material.tensors, "--spec", material.spec, "--outputs", "/dev/full"],
            ["compare", "dot", "--updates", "1", "--maximum-length", "1", "--chart", "FULL.svg"],
            ["mechanisms", "--output", "/dev/full"],
            ["curves", "attention=" + material.learnt, "--chart", "FULL.svg"],
            ["translate", "we like birds .", "--model", material.model, "--attention", "FULL.safetensors"],
            ["score", "a", "--model", TaskCommandTests.root + "continuations", "--attention", "FULL.safetensors"],
            ["generate", "a", "--model", TaskCommandTests.root + "continuations", "--attention", "FULL.safetensors"],
            ["label", "--attention", "FULL.safetensors"] + material.seeing,
            ["caption", "--attention", "FULL.safetensors"] + material.captioning,
            ["detect", "--attention", "FULL.safetensors"] + material.detecting,
            ["detect", "--draw", "FULL.svg"] + material.detecting,
            ["compose", "--model", material.composing, "--bars", "1", "--output", "/dev/full"],
            ["train", "policy", "memory", "--output", "/dev/full"],
        ]
    }

    @Test func standardOutput() throws {
        let material = try Material()
        let commands = printing(material)
        #expect(Set(commands.keys) == (try CommandTree.allLeaves()))
        for (name, variants) in commands {
            for arguments in variants + [["--help"]] {
                let command = try Command.run(
                    name + arguments, input: Data("we like birds .\n".utf8), output: "/dev/full")
                #expect(command.status == 65, "\(name) \(arguments): \(command.errors)")
                #expect(
                    command.errors.contains(
                        "save: could not write standard output: No space left on device; "
                            + "free some space there or save to another disk\n"),
                    "\(name) \(arguments): \(command.errors)")
            }
        }
    }

    @Test func filesOfTheirOwn() throws {
        let material = try Material()
        var links: [String: String] = [:]
        for name in ["FULL.svg", "FULL.safetensors"] {
            links[name] = material.folder.path(name)
            try FileManager.default.createSymbolicLink(
                atPath: material.folder.path(name), withDestinationPath: "/dev/full")
        }
        for arguments in writing(material).map({ $0.map { links[$0] ?? $0 } }) {
            let command = try Command.run(arguments)
            #expect(command.status == 65, "\(arguments): \(command.errors)")
            #expect(
                command.errors.contains(": could not write ")
                    || command.errors.contains("found a file; choose another"),
                "\(arguments): \(command.errors)")
        }
    }
}
