import AttentionModels
import AttentionTensors
import AttentionTraining

/// What a teacher finds likely at every position of translations, read from disk as a student learns: see `TeacherDistributions`.
public struct KeptDistributions: Sendable {
    /// What is told of the targets of a batch, B · T positions.
    struct Likely: Sendable {
        /// The likeliest words of each position, B · T · k row-major; 0 at padding.
        var words: [Int]
        /// How likely each is, [B · T, k]; 0 at padding.
        var probabilities: Tensor
    }

    /// Where the positions of a pair stand.
    private struct Place: Sendable {
        let shard: Int
        let rows: Range<Int>
    }

    private let directory: String
    /// What it was made of.
    let fingerprint: String
    private var shards: [SafetensorsFile] = []
    private var places: [SequencePair: Place] = [:]
    private var likelyCount = 0

    /// Nothing yet.
    init(directory: String, fingerprint: String) { (self.directory, self.fingerprint) = (directory, fingerprint) }

    /// Adds a file that was made for these pairs.
    /// - Throws: `DistillationError.damagedDistributions` if it holds something else.
    mutating func add(_ path: String, pairs: [SequencePair]) throws {
        let file = try SafetensorsFile(path: path)
        let (words, probabilities) = (try file.shape(of: "words"), try file.shape(of: "probabilities"))
        guard words.rank == 2, words == probabilities, shards.isEmpty || words[1] == likelyCount else {
            throw DistillationError.damagedDistributions(
                path, expected: "as many probabilities as words, position by position",
                found: "\(words) and \(probabilities)")
        }
        let counts = try file.integers(named: "counts")
        guard counts == pairs.map(\.target.count), counts.reduce(0, +) == words[0] else {
            throw DistillationError.damagedDistributions(
                path, expected: "the positions of \(pairs.count) pairs", found: "\(counts.count) pairs of others")
        }
        var start = 0
        for (pair, count) in zip(pairs, counts) {
            places[pair] = Place(shard: shards.count, rows: start..<start + count)
            start += count
        }
        likelyCount = words[1]
        shards.append(file)
    }

    /// What is told of the targets of a batch.
    /// - Throws: `DistillationError.untold` if nothing is known of one of its pairs.
    func likely(_ batch: SequencePairBatch) throws -> Likely {
        let length = batch.input.length
        var words = [Int](repeating: 0, count: batch.targets.count * likelyCount)
        var probabilities = [Float](repeating: 0, count: words.count)
        for (row, pair) in batch.pairs.enumerated() {
            guard let place = places[SequencePair(source: pair.source, target: pair.target)] else {
                throw DistillationError.untold(path: directory)
            }
            let file = shards[place.shard]
            let told = row * length * likelyCount..<(row * length + place.rows.count) * likelyCount
            words.replaceSubrange(told, with: try file.integers(named: "words", rows: place.rows))
            probabilities.replaceSubrange(
                told, with: try file.tensor(named: "probabilities", rows: place.rows).values)
        }
        return Likely(
            words: words, probabilities: try Tensor(probabilities, shape: [batch.targets.count, likelyCount]))
    }
}
