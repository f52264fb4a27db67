import Glibc

/// CIDEr-D: how much a caption says what people say of this picture, and not of every picture.
///
///     CIDEr-Dₙ(c, S) = 10/|S| · Σ_{s ∈ S} exp(−(|c| − |s|)² / 2σ²) · (min(g(c), g(s)) · g(s)) / (‖g(c)‖ ‖g(s)‖)
///     gω = hω · ln(N / max(1, dω)),      CIDEr-D = 1/4 · Σₙ CIDEr-Dₙ, n = 1…4
///
/// hω is how often the n-gram ω occurs, dω of how many of the N pictures some reference has it. An n-gram that every picture's references have counts nothing,
/// so that a test set of one picture has a score of 0. A score is from 0 to 10; those of all pictures are averaged. Words are compared as they are written,
/// and papers lower-case them and leave punctuation out.
///
/// *Source:* Vedantam, Zitnick & Parikh 2015, *CIDEr: Consensus-based Image Description Evaluation*, CIDEr-D. As in the authors' program
/// (`ciderD_scorer.py`), whose numbers are those that papers report, hω are counts, where eq. 1 has shares of a caption's n-grams.
public struct CIDErD: Hashable, Sendable {
    /// The longest n-grams compared.
    public static let maximumOrder = 4

    /// How lines are split into words.
    public var tokenizer: BLEUTokenizer
    /// Whether upper and lower case count as the same.
    public var isLowercased: Bool
    /// σ: how many words a caption may be longer or shorter before that counts.
    public var lengthDeviation: Double

    /// CIDEr-D of captions whose words are already apart, unless told otherwise.
    public init(tokenizer: BLEUTokenizer = .none, isLowercased: Bool = false, lengthDeviation: Double = 6) {
        (self.tokenizer, self.isLowercased, self.lengthDeviation) = (tokenizer, isLowercased, lengthDeviation)
    }

    /// The score of each caption of a test set, from 0 to 10.
    ///
    /// - Parameters:
    ///   - captions: One for each picture.
    ///   - references: For each picture, what people say of it.
    /// - Throws: ``MetricError`` when the counts differ, there are no pictures, or one has no reference.
    public func scores(_ captions: [String], references: [[String]]) throws(MetricError) -> [Double] {
        try MetricError.check(captions, references, for: "CIDEr-D")
        let references = references.map { $0.map(words) }
        let captions = captions.map(words)
        var scores = [Double](repeating: 0, count: captions.count)
        for order in 1...Self.maximumOrder {
            let counts = references.map { $0.map { NGramCounts($0, order: order) } }
            let rarity = NGramRarity(counts)
            for (picture, caption) in captions.enumerated() {
                let found = rarity.vector(NGramCounts(caption, order: order))
                for (reference, counts) in zip(references[picture], counts[picture]) {
                    let excess = Double(caption.count - reference.count)
                    let closeness = exp(-excess * excess / (2 * lengthDeviation * lengthDeviation))
                    scores[picture] +=
                        10 * closeness * found.clippedCosine(with: rarity.vector(counts))
                        / Double(references[picture].count * Self.maximumOrder)
                }
            }
        }
        return scores
    }

    /// The mean score of a test set, from 0 to 10.
    ///
    /// - Throws: ``MetricError`` when the counts differ, there are no pictures, or one has no reference.
    public func score(_ captions: [String], references: [[String]]) throws(MetricError) -> Double {
        let scores = try scores(captions, references: references)
        return scores.reduce(0, +) / Double(scores.count)
    }

    private func words(of line: String) -> [Word] {
        tokenizer.words(of: line.metricScalars(lowercased: isLowercased).withoutTrailingWhitespace)
    }
}

/// In how many pictures' references each n-gram of one order occurs.
private struct NGramRarity {
    private var pictureCounts: [ArraySlice<Word>: Int] = [:]
    private let total: Double

    init(_ references: [[NGramCounts<Word>]]) {
        total = Double(references.count)
        for picture in references {
            let known = picture.reduce(into: NGramCounts<Word>()) { $0.formUnion($1) }
            for ngram in known.counts.keys { pictureCounts[ngram, default: 0] += 1 }
        }
    }

    /// g: counts, each times ln(N / max(1, d)).
    func vector(_ counts: NGramCounts<Word>) -> NGramVector {
        var weights: [ArraySlice<Word>: Double] = [:]
        for (ngram, count) in counts.counts {
            weights[ngram] = Double(count) * log(total / Double(max(1, pictureCounts[ngram] ?? 0)))
        }
        return NGramVector(weights: weights)
    }
}

/// How much each n-gram of a text counts.
private struct NGramVector {
    let weights: [ArraySlice<Word>: Double]

    private var length: Double { weights.values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// (min(x, y) · y) / (‖x‖ ‖y‖); 0 where one of them has no length.
    func clippedCosine(with other: NGramVector) -> Double {
        let scale = length * other.length
        guard scale > 0 else { return 0 }
        return weights.reduce(0.0) { sum, entry in
            let theirs = other.weights[entry.key] ?? 0
            return sum + min(entry.value, theirs) * theirs
        } / scale
    }
}
