import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionTraining

/// What is told of some pairs, position behind position.
struct ToldPairs {
    let likelyCount: Int
    /// Where the positions of each pair begin, and where those of the last end.
    private let starts: [Int]
    private var words: [Int32]
    private var probabilities: [Float]

    init(_ pairs: [SequencePair], likelyCount: Int) {
        self.likelyCount = likelyCount
        starts = pairs.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.target.count) }
        words = Array(repeating: 0, count: (starts.last ?? 0) * likelyCount)
        probabilities = Array(repeating: 0, count: words.count)
    }

    /// Keeps what is told of a batch, [B · T, k], of pairs with these numbers.
    mutating func keep(_ likely: RankedElements, of numbers: [Int], length: Int) {
        let values = likely.values.values
        for (row, number) in numbers.enumerated() {
            let (from, to) = (row * length * likelyCount, starts[number] * likelyCount)
            for place in 0..<(starts[number + 1] - starts[number]) * likelyCount {
                words[to + place] = Int32(likely.indices[from + place])
                probabilities[to + place] = values[from + place]
            }
        }
    }

    func entries() throws(ShapeError) -> [Safetensors.Entry] {
        let counts = zip(starts, starts.dropFirst()).map { Int32($1 - $0) }
        let shape: Shape = [starts.last ?? 0, likelyCount]
        return [
            try Safetensors.Entry("counts", counts, shape: [counts.count]),
            try Safetensors.Entry("words", words, shape: shape),
            Safetensors.Entry("probabilities", try Tensor(probabilities, shape: shape), as: .float16),
        ]
    }
}
