import Attention
import AttentionFiles
import Foundation

/// A folder that disappears with this value, and what is fine-tuned into it.
final class TunedFolder {
    let root = NSTemporaryDirectory() + "tuned-" + UUID().uuidString

    init() throws { try Directory.create(root) }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { root + "/" + name }

    /// A model of the tasks' fixtures fine-tuned in a few updates.
    func tuned(
        _ model: String, as name: String, _ data: FineTuningData, isResumed: Bool = false,
        _ change: (inout FineTuningSettings) -> Void = { _ in }
    ) throws -> [Validation] {
        var settings = FineTuningSettings()
        (settings.batchSize, settings.maximumEpochs, settings.peakRate) = (4, 30, 0.01)
        (settings.warmupShare, settings.checkpointInterval) = (0, 3)
        change(&settings)
        var validations: [Validation] = []
        try FineTuning(model: TaskTests.root + model, directory: path(name), settings: settings, seed: 3).run(
            data, isResumed: isResumed
        ) { report in
            if case .training(.validation(let validation)) = report { validations.append(validation) }
        }
        return validations
    }

    func bytes(_ name: String) throws -> [UInt8] { try FileContents.read(path(name)) }

    func tensors(_ name: String) throws -> [String: [Float]] {
        let file = try SafetensorsFile(path: path(name))
        return Dictionary(
            uniqueKeysWithValues: try file.names.map { ($0, try file.tensor(named: $0).values) })
    }
}

/// Tiny data in the words of the tasks' fixtures.
enum TinyData {
    static let classes = [
        ("The cat sleeps.", "rest"), ("The old dog sleeps on the mat.", "rest"), ("Ada sleeps in the house.", "rest"),
        ("A dog runs.", "motion"), ("Ada runs in London.", "motion"), ("The red cat runs on the street.", "motion"),
    ].map { ClassifiedText($0.0, label: $0.1) }

    static let answers = [
        ("Where sleeps the cat?", "The cat sleeps on the mat.", "the mat"),
        ("Where runs the dog?", "The dog runs on the street. The cat sleeps.", "the street"),
        ("Who walks?", "Ada walks in London.", "Ada"), ("Who sleeps?", "The old cat sleeps.", "The old cat"),
    ].enumerated().map { index, example in
        let range = example.1.range(of: example.2)
        let start = range.map { example.1.unicodeScalars.distance(from: example.1.startIndex, to: $0.lowerBound) } ?? -1
        return AskedQuestion(
            id: "\(index)", question: example.0, context: example.1, answers: [.init(example.2, start: start)])
    }

    static let tags = [
        TaggedWords(words: ["Ada", "walks", "in", "London", "."], tags: ["B-PER", "O", "O", "B-LOC", "O"]),
        TaggedWords(words: ["the", "cats", "sleeps"], tags: ["O", "O", "O"]),
        TaggedWords(words: ["who", "runs", "in", "London"], tags: ["O", "O", "O", "B-LOC"]),
        TaggedWords(words: ["Ada", "sleeps"], tags: ["B-PER", "O"]),
    ]

    static let pairs = [
        ("the cat", "cat sleeps"), ("the dog", "dog runs"), ("Ada walks", "London"), ("red sun", "old sun"),
    ].map { AlikeTexts($0.0, $0.1) }
}
