import AttentionFiles
import AttentionModels
import AttentionTensors
public import AttentionTraining

/// How likely a teacher finds each word at every position of translations: the likeliest, on disk.
///
/// ```swift
/// let distributions = TeacherDistributions(teacher: try ModelFolder(path: "teacher"), pairs: pairs, directory: "student/distillation/likely")
/// if try distributions.run() { guidance.distributions = try distributions.kept() }
/// ```
///
/// One safetensors file for some thousand pairs, written whole or not at all: `counts`, the positions of each pair; `words` [N, k], ids, the likeliest first;
/// `probabilities` [N, k] of softmax(logits / T), in float16. Each says what it was made of, so that a run that ends in any way goes on where it was.
///
/// *Source:* Kim & Rush 2016, *Sequence-Level Knowledge Distillation*, sec. 3.1.
public struct TeacherDistributions: Sendable {
    /// Who is asked.
    public let teacher: ModelFolder
    /// Translations, the teacher's own or somebody's, for which the teacher has positions.
    public let pairs: [SentencePair]
    /// Where the files go.
    public let directory: String
    /// How many words are kept, and by which temperature.
    public let settings: GuidanceSettings
    /// How many pairs were given.
    private let givenCount: Int
    /// The pairs of a file.
    private let shardSize: Int

    /// The distributions of this teacher over these pairs, but for those without content and those that are too long for it.
    public init(
        teacher: ModelFolder, pairs: [SentencePair], directory: String,
        settings: GuidanceSettings = GuidanceSettings()
    ) {
        self.init(teacher: teacher, pairs: pairs, directory: directory, settings: settings, shardSize: 4096)
    }

    init(
        teacher: ModelFolder, pairs: [SentencePair], directory: String, settings: GuidanceSettings, shardSize: Int
    ) {
        (self.pairs, givenCount) = (teacher.readable(pairs), pairs.count)
        (self.teacher, self.directory, self.settings, self.shardSize) = (teacher, directory, settings, shardSize)
    }

    private var shardCount: Int { (pairs.count + shardSize - 1) / shardSize }

    private func range(of shard: Int) -> Range<Int> {
        shard * shardSize..<min(pairs.count, (shard + 1) * shardSize)
    }

    private func path(of shard: Int) -> String { directory + "/\(shard + 1).safetensors" }

    /// Asks the teacher what is not known yet.
    ///
    /// - Parameters:
    ///   - observer: told after every file of how many pairs it is known.
    ///   - stopRequested: asked before every batch.
    /// - Returns: whether all is known.
    /// - Throws: `DistillationError` if the files were made with something else, or there is nothing to ask about; what is wrong with the disk.
    public func run(
        observer: (_ pairCount: Int) throws -> Void = { _ in },
        until stopRequested: () -> Bool = { StopSignal.isReceived }
    ) throws -> Bool {
        try settings.check()
        guard !pairs.isEmpty else { throw DistillationError.nothingKept(lineCount: givenCount) }
        try Directory.create(directory)
        guard let lock = try FolderLock(of: directory) else { throw TrainingFolderError.inUse(directory) }
        defer { withExtendedLifetime(lock) {} }
        let identity = identity
        for shard in 0..<shardCount {
            if try !isThere(shard, identity) {
                let pairs = TranslationData(teacher).encode(Array(pairs[range(of: shard)]))
                guard let told = try told(by: teacher.model, pairs, stopRequested) else { return false }
                try Safetensors.write(told.entries(), metadata: identity, to: path(of: shard))
            }
            try observer(range(of: shard).upperBound)
        }
        return true
    }

    /// Whether all is known, as far as the folder says.
    public func isComplete() throws -> Bool {
        let identity = identity
        return try (0..<shardCount).allSatisfy { try isThere($0, identity) }
    }

    /// What is known, to be read as a student learns.
    /// - Throws: what is wrong with the files.
    public func kept() throws -> KeptDistributions {
        let facts = identity.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        var kept = KeptDistributions(directory: directory, fingerprint: "\(Fingerprint(of: facts))")
        for shard in 0..<shardCount {
            try kept.add(path(of: shard), pairs: TranslationData(teacher).encode(Array(pairs[range(of: shard)])))
        }
        return kept
    }

    /// All that decides what is told, by name.
    private var identity: [String: String] {
        [
            "teacher": "\(Fingerprint(of: teacher.model))", "tokenizer": "\(Fingerprint(of: teacher.tokenizer))",
            "pairs": "\(pairs.count) (\(Fingerprint(of: pairs)))", "shardSize": "\(shardSize)",
            "likelyCount": "\(settings.likelyCount)", "temperature": "\(settings.temperature)",
        ]
    }

    private func isThere(_ shard: Int, _ identity: [String: String]) throws -> Bool {
        guard Directory.hasFile(path(of: shard)) else { return false }
        let found = try SafetensorsFile(path: path(of: shard)).metadata
        let differences = identity.keys.sorted().filter { found[$0] != identity[$0] }
        guard differences.isEmpty else {
            throw DistillationError.otherDistillation(
                path(of: shard),
                differences: differences.map {
                    "\($0) \(identity[$0] ?? "absent") instead of \(found[$0] ?? "absent")"
                })
        }
        return true
    }

    /// What a model finds likely at every position of these pairs; nil if a stop was requested.
    private func told(
        by model: any SequenceToSequence, _ pairs: [SequencePair], _ stopRequested: () -> Bool
    ) throws -> ToldPairs? {
        var told = ToldPairs(pairs, likelyCount: min(settings.likelyCount, model.outputWeight.shape[0]))
        let numbered = pairs.enumerated().map { NumberedPair(number: $0, pair: $1) }
        let limit = max(2048, numbered.map(\.length.longest).max() ?? 0)
        for batch in try TokenBucketing(numbered, tokenLimit: limit, seed: 0).epoch(0).batches() {
            if stopRequested() { return nil }
            let side = TranslationData(teacher).batch(batch.map(\.pair))
            let shares = try (model.logits(side) / settings.temperature).softmax()
            told.keep(try shares.topK(told.likelyCount), of: batch.map(\.number), length: side.input.length)
        }
        return told
    }
}

extension ModelFolder {
    /// The pairs among these that say something, and that the model has positions for.
    func readable(_ pairs: [SentencePair]) -> [SentencePair] {
        let (data, limit) = (TranslationData(self), configuration.architecture.lengthLimit ?? .max)
        return pairs.filter {
            $0.hasContent && max(data.encode($0.source).count, data.encode($0.target).count) <= limit
        }
    }
}

/// A pair and where it stands among others.
private struct NumberedPair: TrainingExample {
    let number: Int
    let pair: SequencePair
    var length: ExampleLength { pair.length }
}
