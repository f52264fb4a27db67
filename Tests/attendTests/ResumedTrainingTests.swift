import Attention
import AttentionFiles
import Foundation
import Testing

/// A training that was interrupted goes on as if it had not been, in its own folder and no other.
@Suite struct ResumedTrainingTests {
    @Test func aFolderInUseIsLeftAlone() throws {
        let folder = try TemporaryFolder()
        try Directory.create(folder.path("model"))
        let lock = try #require(try FolderLock(of: folder.path("model")))
        let command = try Command.run(TinyModel.trainArguments(folder, output: "model"))
        #expect(command.status == 65)
        #expect(
            command.errors.hasPrefix(
                "attend: train: expected a folder of its own, found another training at work in"),
            "\(command.errors)")
        #expect(try Directory.names(in: folder.path("model")) == [".attention-lock"])
        withExtendedLifetime(lock) {}
    }

    @Test func resumingIsExact() throws {
        let folder = try TemporaryFolder()
        let straight = try Command.run(TinyModel.trainArguments(folder, output: "straight"))
        #expect(straight.status == 0, "\(straight.errors)")
        // The same in two runs: the first stops at 45 updates, as if it had been cut off there.
        let first = try TinyModel.trainArguments(folder, output: "resumed", ["maximumUpdates=45"])
        #expect(try Command.run(first).status == 0)
        let second = try TinyModel.trainArguments(folder, output: "resumed") + ["--resume"]
        #expect(try Command.run(second).status == 0)
        let weights = try ["straight", "resumed"].map {
            try Data(contentsOf: URL(fileURLWithPath: folder.path($0 + "/model.safetensors")))
        }
        #expect(weights[0] == weights[1])
    }

    @Test func anotherTrainingIsNotOverwritten() throws {
        let folder = try TemporaryFolder()
        let arguments = try TinyModel.trainArguments(folder, output: "model", ["maximumUpdates=15"])
        #expect(try Command.run(arguments).status == 0)
        let files = ["tokenizer.json", "settings.json", "model.safetensors", "training/checkpoint.safetensors"]
        let before = try files.map { try Data(contentsOf: URL(fileURLWithPath: folder.path("model/" + $0))) }
        let again = try Command.run(
            TinyModel.trainArguments(folder, output: "model", ["maximumUpdates=15", "tokenizerSize=340"]))
        #expect(again.status == 65)
        #expect(before == (try files.map { try Data(contentsOf: URL(fileURLWithPath: folder.path("model/" + $0))) }))
        #expect(again.errors.contains("choose another --output, or continue with --resume"), "\(again.errors)")
        let resumed = try Command.run(TinyModel.trainArguments(folder, output: "other") + ["--resume"])
        #expect(resumed.status == 65)
        #expect(
            resumed.errors.contains("found none; begin a new training\nhint: start without --resume"),
            "\(resumed.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("other")))
    }

    /// A resumed training must be the one that was interrupted; only its end may be moved.
    @Test func anotherTrainingIsNotResumed() throws {
        let folder = try TemporaryFolder()
        #expect(try Command.run(TinyModel.trainArguments(folder, output: "model", ["maximumUpdates=15"])).status == 0)
        let files = ["tokenizer.json", "settings.json", "model.safetensors", "training/checkpoint.safetensors"]
        let before = try files.map { try Data(contentsOf: URL(fileURLWithPath: folder.path("model/" + $0))) }
        let other = try folder.write(TinyModel.pairs.reversed().joined(separator: "\n") + "\n", to: "other.tsv")
        let tokenizer = folder.path("tokenizer.json")
        let made = try Command.run("tokenizer", "train", "--train", other, "--output", tokenizer, "--size", "340")
        #expect(made.status == 0, "\(made.errors)")
        func refusal(_ changes: [String], _ options: [String] = []) throws -> String {
            let command = try Command.run(
                TinyModel.trainArguments(folder, output: "model", changes) + options + ["--resume"])
            #expect(command.status == 65)
            return command.errors
        }
        let wayOut = "resume with what it was made with, or start a new training in another directory"
        #expect(try refusal(["smoothing=0.2"]).contains("found training.smoothing 0.2 instead of 0.1; \(wayOut)"))
        #expect(try refusal(["model.modelSize=16"]).contains("found model.modelSize 16 instead of 32; \(wayOut)"))
        #expect(try refusal([], ["--seed", "7"]).contains("a training with seed 7"))
        #expect(try refusal([], ["--train", other]).contains("found training data 96 pairs ("))
        #expect(try refusal([], ["--valid", other]).contains("found validation data 96 pairs ("))
        #expect(try refusal([], ["--tokenizer", tokenizer]).contains("found tokenizer "))
        #expect(before == (try files.map { try Data(contentsOf: URL(fileURLWithPath: folder.path("model/" + $0))) }))
    }

    /// Another tokenizer in the folder is noticed, whether one is asked for or not.
    @Test func aTokenizerThatWasExchangedIsNotResumedWith() throws {
        let folder = try TemporaryFolder()
        let arguments = try TinyModel.trainArguments(folder, output: "model", ["maximumUpdates=15"])
        let own = folder.path("own.json")
        let other = try folder.write("zwölf Boxkämpfer\tjagen Viktor\n", to: "other.tsv")
        #expect(
            try Command.run("tokenizer", "train", "--train", folder.path("pairs.tsv"), "--output", own, "--size", "330")
                .status == 0)
        #expect(try Command.run(arguments + ["--tokenizer", own]).status == 0)
        #expect(try Command.run(arguments + ["--tokenizer", own, "--resume"]).status == 0)
        let place = folder.path("model/tokenizer.json")
        #expect(try Command.run("tokenizer", "train", "--train", other, "--output", place, "--size", "330").status == 0)
        for options in [[], ["--tokenizer", own]] {
            let command = try Command.run(arguments + options + ["--resume"])
            #expect(command.status == 65 && command.errors.contains("tokenizer "), "\(command.errors)")
        }
    }

    @Test(arguments: ["sgd", "adafactor", "lion", "muon"])
    func everyOptimizerTrainsAndResumes(_ optimizer: String) throws {
        let folder = try TemporaryFolder()
        let changes = ["optimizer=\(optimizer)", "validationInterval=10", "peakRate=0.003"]
        for (name, lengths) in [("straight", [30]), ("resumed", [15, 30])] {
            for (run, length) in lengths.enumerated() {
                let command = try Command.run(
                    TinyModel.trainArguments(folder, output: name, changes + ["maximumUpdates=\(length)"])
                        + (run > 0 ? ["--resume"] : []))
                #expect(command.status == 0, "\(command.errors)")
            }
        }
        let weights = try ["straight", "resumed"].map {
            try Data(contentsOf: URL(fileURLWithPath: folder.path($0 + "/model.safetensors")))
        }
        #expect(weights[0] == weights[1])
        let other = try Command.run(TinyModel.trainArguments(folder, output: "straight") + ["--resume"])
        #expect(other.status == 65)
        #expect(other.errors.contains("optimizer absent instead of \(optimizer)"), "\(other.errors)")
    }
}
