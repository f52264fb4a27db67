import AttentionTensors

/// Sounds as a model hears them together, and what it is to write of each.
struct SpokenBatch: Sendable {
    /// [B, T], silence behind the shorter ones.
    let samples: Tensor
    /// How many samples of each are real.
    let lengths: [Int]
    /// How many moments the model makes of these.
    let momentCounts: [Int]
    /// What their vectors are multiplied by, [B, K, 1]; nil where all are heard.
    let heard: Tensor?
    /// The ids of the characters of each.
    let characters: [[Int]]
    let texts: [String]

    var characterCount: Int { characters.reduce(0) { $0 + $1.count } }

    init(_ examples: [SpokenExample], heard: Tensor? = nil) throws(ShapeError) {
        let length = examples.map(\.samples.count).max() ?? 0
        let filled = examples.flatMap { $0.samples + [Float](repeating: 0, count: length - $0.samples.count) }
        samples = try Tensor(filled, shape: [examples.count, length])
        (lengths, momentCounts) = (examples.map(\.samples.count), examples.map(\.momentCount))
        (self.heard, characters, texts) = (heard, examples.map(\.characters), examples.map(\.text))
    }
}
