import AttentionDecoding
import AttentionMechanisms
import AttentionTensors

extension LanguageModel {
    /// ln P of each token but the first, given those before it: one number fewer than tokens.
    ///
    /// The text is read in chunks, so that memory grows with its length times what the layers remember of a token, not times the vocabulary.
    /// - Throws: `PretrainedError` if the text is longer than the model was made for; `ShapeError` if a token is not in the vocabulary;
    ///   `CancellationError` between two chunks.
    public func logProbabilities(of tokens: [Int], chunkLength: Int = 128) throws -> [Float] {
        if let lengthLimit, tokens.count > lengthLimit {
            throw PretrainedError.promptTooLong(tokens: tokens.count, limit: lengthLimit)
        }
        var state = start(rowCount: 1)
        var found: [Float] = []
        // What follows the last token is not asked for, but it must be a token.
        for first in stride(from: 0, to: tokens.count - 1, by: max(1, chunkLength)) {
            if Task.isCancelled { throw CancellationError() }
            let range = first..<min(tokens.count - 1, first + max(1, chunkLength))
            let step: DecoderStep
            do { step = try self.step([Array(tokens[range])], &state, wanting: .allLogits) } catch {
                // Models that several tasks step together refuse whoever is cancelled while they wait.
                if Task.isCancelled { throw CancellationError() }
                throw error
            }
            guard let logits = step.allLogits else { continue }
            let shares = try logits.squeezed(axis: 0).logSoftmax()  // [T, V]
            let size = shares.shape[1]
            let next = tokens[range.lowerBound + 1...range.upperBound]
            if let outside = next.first(where: { !(0..<size).contains($0) }) {
                throw ShapeError("score", expected: "tokens below \(size)", found: "\(outside)")
            }
            shares.withElements { values in
                for (row, token) in next.enumerated() { found.append(values[row * size + token]) }
            }
        }
        return found
    }
}
