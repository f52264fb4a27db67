public import AttentionModels
import AttentionTensors
import AttentionText

/// Which words fit where a text leaves them out (Devlin et al. 2019, sec. 3.1).
///
/// ```swift
/// let filler = try MaskFiller(path: "bert-base-uncased")
/// let words = try filler.fill("Paris is the \(filler.mask) of France.")[0]
/// ```
public struct MaskFiller: HeadedModel {
    private let text: TextModel
    /// The heads that can be left out.
    public var heads: HeadCounts { text.model.heads }
    private let maskID: Int
    /// How the place of a word is written.
    public let mask: String

    /// A word that fits.
    public struct Filling: Sendable, Hashable {
        /// The piece as the vocabulary spells it.
        public let piece: String
        /// Its id.
        public let id: Int
        /// Its probability.
        public let probability: Float
    }

    /// Opens a folder.
    /// - Parameter adapters: a folder of adapters that are made part of the model's weights; nil for none.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    public init(path: String, adapters: String? = nil) throws {
        text = try TextModel(path: path, task: .maskedTokens, adapters: adapters)
        for mask in ["[MASK]", "<mask>"] {
            if let id = text.tokenizer.id(of: mask) {
                (self.mask, maskID) = (mask, id)
                return
            }
        }
        throw PretrainedError.wrongTask(
            needed: "a tokenizer with a piece [MASK] or <mask>", found: "one without", folder: path)
    }

    /// For every mask in the text, in order, the pieces that fit best.
    /// - Throws: `PretrainedError` if the text has no mask.
    public func fill(_ text: String, count: Int = 5) throws -> [[Filling]] {
        var run = TaskRun()
        return try fill(text, count: count, in: &run)
    }

    /// The same in a run that says more of it.
    /// - Throws: as above, and if the text is too long for the run, or there is no head that it asks for.
    public func fill(_ text: String, count: Int = 5, in run: inout TaskRun) throws -> [[Filling]] {
        let encoding = try self.text.encode([EncodingInput(text)], recognizingSpecialTokens: true, in: &run)[0]
        let places = encoding.ids.indices.filter { encoding.ids[$0] == maskID }
        guard !places.isEmpty, case .maskedTokens(let head) = self.text.model.head else {
            throw PretrainedError.noMask(text, mask: mask)
        }
        return try self.text.map([encoding], in: &run) { _, _, states in
            let chosen = try states.squeezed(axis: 0).rows(places, shape: [places.count])
            let shares = try head(chosen, words: self.text.model.encoder.words).softmax()
            let (values, size) = (shares.values, shares.shape[1])
            return [
                places.indices.map { row in
                    let row = values[row * size..<(row + 1) * size]
                    return row.indices.max(count: count, by: { row[$0] < row[$1] }).map { index in
                        let id = index - row.startIndex
                        return Filling(
                            piece: self.text.tokenizer.decode([id], skippingSpecialTokens: false), id: id,
                            probability: row[index])
                    }
                }
            ]
        }[0]
    }
}

extension Sequence {
    /// The greatest elements, the greatest first.
    /// - Complexity: O(n · count) at worst, O(n) mostly.
    func max(count: Int, by isLess: (Element, Element) -> Bool) -> [Element] {
        var best: [Element] = []
        for element in self {
            if best.count == count, let last = best.last, !isLess(last, element) { continue }
            let place = best.firstIndex { isLess($0, element) } ?? best.count
            best.insert(element, at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}
