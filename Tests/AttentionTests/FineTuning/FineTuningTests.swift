import Attention
import AttentionFiles
import Foundation
import Testing

/// Every task is learnt by a tiny model, and what is saved answers as what was trained.
@Suite struct FineTuningTests {
    private static let classes = FineTuningData.classes(train: TinyData.classes, valid: TinyData.classes)

    private func learns(_ validations: [Validation], _ metric: String) throws {
        let (first, last) = (try #require(validations.first), try #require(validations.last))
        #expect(last.loss < first.loss / 2, "\(first.loss) → \(last.loss)")
        #expect(try #require(last.metrics[metric]) > 0.95)
    }

    @Test func classesAreLearnt() throws {
        let folder = try TunedFolder()
        try learns(try folder.tuned("vectors", as: "classes", Self.classes), "accuracy")
        let classifier = try TextClassifier(path: folder.path("classes"))
        #expect(classifier.labels == ["motion", "rest"])
        for example in TinyData.classes {
            #expect(try classifier.classify(example.text).first?.label == example.label)
        }
    }

    /// A folder whose configuration calls two of its classes alike goes on to be trained; examples are of the first.
    @Test func classesMayBeCalledAlike() throws {
        let folder = try TunedFolder()
        let source = folder.path("source")
        try FileManager.default.copyItem(atPath: TaskTests.root + "classes", toPath: source)
        let configuration = String(decoding: try FileContents.read(source + "/config.json"), as: UTF8.self)
        try AtomicFile.write(
            Array(configuration.replacingOccurrences(of: #""busy""#, with: #""calm""#).utf8),
            to: source + "/config.json")
        let data = [("The cat sleeps.", "calm"), ("A dog runs.", "odd")].map { ClassifiedText($0.0, label: $0.1) }
        var settings = FineTuningSettings()
        (settings.batchSize, settings.maximumEpochs, settings.peakRate) = (2, 60, 0.01)
        try FineTuning(model: source, directory: folder.path("tuned"), settings: settings, seed: 3)
            .run(.classes(train: data, valid: data), isResumed: false) { _ in }
        let classifier = try TextClassifier(path: folder.path("tuned"))
        #expect(classifier.labels == ["calm", "calm", "odd"])
        #expect(try classifier.classify("The cat sleeps.").first?.label == "calm")
    }

    /// Pairs are told apart by which of them stands where.
    @Test func pairsHaveClasses() throws {
        let folder = try TunedFolder()
        let data = [("cat", "dog", "a"), ("dog", "cat", "b"), ("sun", "mat", "a"), ("mat", "sun", "b")].map {
            ClassifiedText($0.0, pair: $0.1, label: $0.2)
        }
        _ = try folder.tuned("vectors", as: "pairs", .classes(train: data, valid: data)) { $0.maximumEpochs = 80 }
        let log = try TrainingLog.events(in: folder.path("pairs/log.jsonl"))
        let validations = log.compactMap { if case .validation(let found) = $0 { found } else { nil } }
        #expect(validations.contains { $0.metrics["accuracy"] == 1 })
    }

    @Test func answersAreLearnt() throws {
        let folder = try TunedFolder()
        let data = FineTuningData.answers(train: TinyData.answers, valid: TinyData.answers)
        try learns(try folder.tuned("answers", as: "answers", data) { $0.maximumEpochs = 60 }, "f1")
        let answerer = try QuestionAnswerer(path: folder.path("answers"))
        for example in TinyData.answers {
            let found = try answerer.answer(example.question, context: example.context).first
            #expect(found?.text == example.answers[0].text)
        }
    }

    @Test func tagsAreLearnt() throws {
        let folder = try TunedFolder()
        let data = FineTuningData.tags(train: TinyData.tags, valid: TinyData.tags)
        try learns(try folder.tuned("words", as: "tags", data) { $0.maximumEpochs = 60 }, "f1")
        let tagger = try TokenClassifier(path: folder.path("tags"))
        #expect(tagger.labels == ["O", "B-LOC", "B-PER"])
        #expect(try tagger.tag("Ada walks in London .").map(\.label) == ["PER", "LOC"])
    }

    /// A folder of sentence embeddings keeps its stages, and the dense map among them is learnt, too.
    @Test func embeddingsAreLearnt() throws {
        let folder = try TunedFolder()
        let data = FineTuningData.pairs(train: TinyData.pairs, valid: TinyData.pairs)
        // A model of eight numbers a piece cannot tell four texts apart while it drops some of them.
        let validations = try folder.tuned("vectors", as: "vectors", data) {
            ($0.dropout, $0.maximumEpochs, $0.peakRate) = (false, 300, 0.002)
        }
        try learns(validations, "accuracy")
        let embedder = try TextEmbedder(path: folder.path("vectors"))
        #expect(embedder.prompts["query"] == "who ")
        let (anchors, positives) = (
            try embedder.embed(TinyData.pairs.map(\.anchor)), try embedder.embed(TinyData.pairs.map(\.positive))
        )
        for (index, anchor) in anchors.enumerated() {
            let likeness = positives.map { embedder.similarity(anchor, $0) }
            #expect(likeness.indices.max { likeness[$0] < likeness[$1] } == index)
        }
        let dense = try Directory.names(in: folder.path("vectors")).first { $0.hasSuffix("Dense") }
        let name = try #require(dense) + "/model.safetensors"
        #expect(try folder.bytes("vectors/" + name) != (try FileContents.read(TaskTests.root + "vectors/" + name)))
    }

    /// Stopping in the middle of an epoch and going on gives the same model as never stopping, bit for bit, dropout included.
    @Test(arguments: [0, 2])
    func resumingIsExact(rank: Int) throws {
        let folder = try TunedFolder()
        func train(_ name: String, _ limit: Int, isResumed: Bool = false) throws {
            _ = try folder.tuned("vectors", as: name, Self.classes, isResumed: isResumed) {
                ($0.maximumEpochs, $0.maximumUpdates, $0.adapter.rank, $0.adapter.dropout) = (8, limit, rank, 0.3)
            }
        }
        try train("straight", 0)
        try train("resumed", 7)
        try train("resumed", 0, isResumed: true)
        let file = rank > 0 ? "/adapter_model.safetensors" : "/model.safetensors"
        #expect(try folder.bytes("straight" + file) == folder.bytes("resumed" + file))
    }

    @Test func anotherTrainingIsNotResumed() throws {
        let folder = try TunedFolder()
        _ = try folder.tuned("vectors", as: "model", Self.classes) { $0.maximumUpdates = 2 }
        #expect {
            _ = try folder.tuned("vectors", as: "model", Self.classes, isResumed: true) { $0.layerDecay = 0.9 }
        } throws: { "\($0)".contains("settings.layerDecay 0.9 instead of 1") }
        #expect {
            _ = try folder.tuned(
                "vectors", as: "model", .classes(train: TinyData.classes.reversed(), valid: TinyData.classes),
                isResumed: true)
        } throws: { "\($0)".contains("found training data 6 examples (") }
        #expect(throws: TrainingFolderError.occupied(folder.path("model"), file: "training/checkpoint.safetensors")) {
            _ = try folder.tuned("vectors", as: "model", Self.classes)
        }
        #expect(throws: TrainingFolderError.nothingToResume(folder.path("new"))) {
            _ = try folder.tuned("vectors", as: "new", Self.classes, isResumed: true)
        }
    }

    /// Frozen parameters stay as they are bit for bit; with a decay by layers, lower layers move less.
    @Test func frozenAndSlowedParameters() throws {
        let folder = try TunedFolder()
        _ = try folder.tuned("classes", as: "frozen", Self.classes) {
            ($0.frozen, $0.maximumEpochs) = ("encoder.embeddings.*, encoder.layers.0.*", 3)
        }
        let (before, after) = (
            try SafetensorsFile(path: TaskTests.root + "classes/model.safetensors"),
            try folder.tensors("frozen/model.safetensors")
        )
        for name in before.names where !name.hasPrefix("classifier") {
            let isFrozen = name.contains("embeddings") || name.contains("layer.0")
            #expect((try before.tensor(named: name).values == after[name]) == isFrozen, "\(name)")
        }
        _ = try folder.tuned("classes", as: "slowed", Self.classes) {
            ($0.layerDecay, $0.maximumUpdates, $0.weightDecay, $0.dropout) = (0.5, 1, 0, false)
        }
        let slowed = try folder.tensors("slowed/model.safetensors")
        // Adam's first step is the rate wherever there is a gradient.
        let steps = [
            ("bert.embeddings.LayerNorm.bias", 3), ("bert.encoder.layer.0.output.LayerNorm.bias", 2),
            ("bert.encoder.layer.1.output.LayerNorm.bias", 1), ("bert.pooler.dense.bias", 0),
        ]
        for (name, depth) in steps {
            let old = try before.tensor(named: name).values
            let step = zip(try #require(slowed[name]), old).map { abs($0 - $1) }.max() ?? 0
            let rate = 0.01 * 60 / 61 / Float(1 << depth)
            #expect(abs(step - rate) < rate * 0.01, "\(name): \(step)")
        }
        #expect {
            _ = try folder.tuned("classes", as: "none", Self.classes) { $0.frozen = "bert.*" }
        } throws: { "\($0)".contains("expected parameters whose names match bert.*, found none") }
    }

    /// The file holds the very numbers that validation has judged, and other folders read them.
    @Test func theSavedModelIsTheTrainedOne() throws {
        let folder = try TunedFolder()
        let validations = try folder.tuned("vectors", as: "model", Self.classes) { $0.maximumEpochs = 5 }
        let best = try #require(validations.map { $0.metrics["accuracy"] ?? 0 }.max())
        let classifier = try TextClassifier(path: folder.path("model"))
        let right = try TinyData.classes.count { try classifier.classify($0.text).first?.label == $0.label }
        #expect(abs(Double(right) / Double(TinyData.classes.count) - best) < 1e-6)
        for name in ["vocab.txt", "tokenizer.json", "tokenizer_config.json"]
        where Directory.hasFile(TaskTests.root + "vectors/" + name) {
            #expect(try folder.bytes("model/" + name) == FileContents.read(TaskTests.root + "vectors/" + name))
        }
        for name in ["settings.json", "log.jsonl", "learning-curve.svg"] {
            #expect(Directory.hasFile(folder.path("model/" + name)), "\(name)")
        }
    }

    /// Adapters beside the model, adapters merged into a folder, and what the reference's names say of both, are the same.
    @Test func mergedAdaptersAreTheAdapters() throws {
        let folder = try TunedFolder()
        try learns(
            try folder.tuned("vectors", as: "adapters", Self.classes) {
                ($0.adapter.rank, $0.adapter.targets, $0.maximumEpochs) = (4, "query,value,up", 60)
            }, "accuracy")
        #expect(!Directory.hasFile(folder.path("adapters/model.safetensors")))
        let base = TaskTests.root + "vectors"
        try MergedModel(model: base, adapters: folder.path("adapters")).write(to: folder.path("merged"))
        let (beside, merged) = (
            try TextClassifier(path: base, adapters: folder.path("adapters")),
            try TextClassifier(path: folder.path("merged"))
        )
        #expect(merged.labels == ["motion", "rest"])
        for example in TinyData.classes {
            #expect(try beside.classify(example.text) == (try merged.classify(example.text)))
        }
        #expect(throws: TrainingFolderError.hasModel(folder.path("merged"), file: "config.json")) {
            try MergedModel(model: base, adapters: folder.path("adapters")).write(to: folder.path("merged"))
        }
    }

    /// Merged embeddings keep pooling, dense map and prompts.
    @Test func embeddersAreMerged() throws {
        let folder = try TunedFolder()
        let data = FineTuningData.pairs(train: TinyData.pairs, valid: TinyData.pairs)
        _ = try folder.tuned("vectors", as: "adapters", data) { $0.adapter.rank = 2 }
        let base = TaskTests.root + "vectors"
        try MergedModel(model: base, adapters: folder.path("adapters")).write(to: folder.path("merged"))
        let found = try [
            TextEmbedder(path: base), TextEmbedder(path: base, adapters: folder.path("adapters")),
            TextEmbedder(path: folder.path("merged")),
        ].map { try $0.embed("The cat sleeps.", prompt: "query") }
        #expect(found[1] == found[2] && found[0] != found[1])
    }

    @Test func dataThatDoNotFit() throws {
        let folder = try TunedFolder()
        func refusal(_ data: FineTuningData) -> String {
            do {
                _ = try folder.tuned("vectors", as: "refused", data)
                return ""
            } catch { return "\(error)" }
        }
        let valid = TinyData.classes + [ClassifiedText("sun", label: "rests")]
        #expect(
            refusal(.classes(train: TinyData.classes, valid: valid))
                == "train: expected the classes of the training data in the validation data, found \"rests\" for \"sun\"; did you mean \"rest\"?"
        )
        #expect(
            refusal(.classes(train: [TinyData.classes[0]], valid: valid))
                == "train: expected examples of at least two classes, found only \"rest\"")
        #expect(
            refusal(.classes(train: TinyData.classes, valid: []))
                == "train: expected at least one validation example, found none")
        #expect(
            refusal(.pairs(train: [], valid: TinyData.pairs))
                == "train: expected at least one training example, found none")
    }
}
