import AttentionInspection
import AttentionTensors
import AttentionText

extension Tensor {
    /// Of logits [T, V], how likely the written id was in each place, then the likeliest others.
    /// - Throws: `ShapeError` unless there is an id for each place, in the vocabulary.
    func likelyPieces(
        written ids: [Int], by tokenizer: Tokenizer, others count: Int = 3
    ) throws(ShapeError) -> [[LikelyPiece]] {
        guard shape.rank == 2, shape[0] == ids.count, ids.allSatisfy({ (0..<shape[1]).contains($0) }) else {
            throw ShapeError(
                "likelyPieces", expected: "logits [\(ids.count), V] of ids below V", found: "\(shape) and \(ids)")
        }
        let shares = try softmax()
        let ranked = try shares.topK(min(count + 1, shape[1])).indices
        let width = ids.isEmpty ? 0 : ranked.count / ids.count
        return ids.enumerated().map { place, id in
            let best = ranked[place * width..<(place + 1) * width].filter { $0 != id }.prefix(count)
            return ([id] + best).map {
                LikelyPiece(tokenizer.piece(of: $0) ?? "", shares[place, $0], text: tokenizer.addedText(of: $0))
            }
        }
    }
}
