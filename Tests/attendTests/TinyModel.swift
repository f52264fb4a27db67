import Foundation
import Testing

/// A language of a few words, small enough that a model learns it in a second.
enum TinyModel {
    static let subjects = [("I", "je"), ("you", "tu"), ("we", "nous"), ("they", "ils")]
    static let verbs = [("see", "vois"), ("like", "aime"), ("hear", "entends")]
    static let objects = [("cats", "chats"), ("dogs", "chiens"), ("birds", "oiseaux"), ("trains", "trains")]

    /// All sentences, one pair a line; objects stand before verbs in the target.
    static let pairs = subjects.flatMap { subject in
        verbs.flatMap { verb in
            objects.map { "\(subject.0) \(verb.0) \($0.0) .\t\(subject.1) \($0.1) \(verb.1) ." }
        }
    }

    /// What every test trains with, so that all is done in a second.
    static let settings = [
        "model.modelSize=32", "model.headCount=2", "model.encoderLayerCount=1", "model.decoderLayerCount=1",
        "model.feedForwardSize=64", "model.dropout=0", "tokenizerSize=330", "batchTokens=256", "maximumUpdates=120",
        "warmup=20", "peakRate=0.01", "validationInterval=30", "checkpointInterval=15", "patience=0", "snapshotCount=1",
    ]

    static func trainArguments(_ folder: TemporaryFolder, output: String, _ changes: [String] = []) throws -> [String] {
        let data = try folder.write(pairs.joined(separator: "\n") + "\n", to: "pairs.tsv")
        return [
            "train", "translation", "--train", data, "--valid", data, "--output", folder.path(output), "--threads", "1",
        ]
            + (settings + changes).flatMap { ["--set", $0] }
    }

    /// A trained model folder, made once for all tests.
    static let folder: Result<(folder: TemporaryFolder, path: String), any Error> = Result {
        let folder = try TemporaryFolder()
        let command = try Command.run(trainArguments(folder, output: "model"))
        try #require(command.status == 0, "\(command.errors)")
        return (folder, folder.path("model"))
    }
}
