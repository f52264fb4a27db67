public import AttentionModels
import AttentionText
import Glibc

/// How well a language model reads on, by how much it has read: the perplexity of tokens by their places in texts of one length, which may be longer than
/// those it was trained on.
///
/// ```swift
/// let evaluation = try LanguageEvaluation(path: "austen", length: 1024, stretching: .yarn)
/// for bucket in try evaluation.run(on: [text], bucketSize: 128) { print(bucket.start, bucket.perplexity) }
/// ```
///
/// *Source:* Press, Smith & Lewis 2022, *Train Short, Test Long*, sec. 2.2.
public struct LanguageEvaluation: Sendable {
    private let model: CausalLanguageModel
    private let tokenizer: Tokenizer
    private let length: Int

    /// Opens a folder.
    /// - Parameters:
    ///   - length: how many tokens are read in a row.
    ///   - stretch: what becomes of rotary positions where that is longer than the texts of training.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    /// - Precondition: the length is positive.
    public init(path: String, length: Int, stretching stretch: RotaryStretch = .none) throws {
        model = try PretrainedFolder(path: path).languageModel(reading: length, stretching: stretch)
        tokenizer = try Tokenizer(folder: path)
        self.length = length
    }

    /// Tokens that stand behind about as many others.
    public struct Bucket: Sendable, Hashable, Codable {
        /// How many tokens stand before the first of them, at least.
        public let start: Int
        /// How many stand before the last of them, at most.
        public let end: Int
        /// How many they are, in all texts.
        public let tokenCount: Int
        /// exp(−mean ln P).
        public let perplexity: Double
    }

    /// Cuts texts into blocks that join, and reads each from its beginning; what is left at the end of a text is not read.
    ///
    /// - Parameters:
    ///   - bucketSize: how many places are taken together.
    ///   - progress: told after each block how many are done, and of how many.
    /// - Throws: `PretrainedError.tooShort` if no text has a block; `PretrainedError.promptTooLong` if blocks are longer than the model can read.
    /// - Precondition: the size of buckets is positive.
    public func run(
        on texts: [String], bucketSize: Int, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [Bucket] {
        let tokens = texts.map { tokenizer.ids(of: $0, addingSpecialTokens: false).map { Int($0) } }
        let blocks = tokens.flatMap { tokens in
            stride(from: 0, through: tokens.count - length, by: length).map { tokens[$0..<$0 + length] }
        }
        guard !blocks.isEmpty else {
            throw PretrainedError.tooShort(tokens: tokens.map(\.count).max() ?? 0, needed: length)
        }
        // Where the length of a text decides how it is read, it is read at once.
        let chunkLength = model.dependsOnLongestText ? length : 128
        var sums = [Double](repeating: 0, count: (length - 1) / bucketSize + 1)
        for (index, block) in blocks.enumerated() {
            let found = try model.logProbabilities(of: Array(block), chunkLength: chunkLength)
            for (place, logProbability) in found.enumerated() {
                sums[(place + 1) / bucketSize] -= Double(logProbability)
            }
            progress(index + 1, blocks.count)
        }
        return sums.enumerated().compactMap { index, sum in
            // Of a block's first token nothing is said.
            let (start, end) = (max(1, index * bucketSize), min((index + 1) * bucketSize, length) - 1)
            let count = (end - start + 1) * blocks.count
            guard count > 0 else { return nil }
            return Bucket(start: start, end: end, tokenCount: count, perplexity: exp(sum / Double(count)))
        }
    }
}
