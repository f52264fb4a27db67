public import AttentionInspection
import AttentionModels
import AttentionTensors
import AttentionText
import Glibc

/// A head, while a word is written, or once it has been read: a decoder reads each word a step after it wrote it, and where it looks then is
/// often the better alignment.
///
/// - Source: Chen et al. (2020), *Accurate Word Alignment Induction from Neural Machine Translation*, section 3.
public struct AttentionLook: Sendable, Hashable {
    /// The head.
    public let head: HeadIndex
    /// Whether the word has been read.
    public let isRead: Bool

    /// A look.
    public init(_ head: HeadIndex, isRead: Bool = false) { (self.head, self.isRead) = (head, isRead) }
}

/// Links words by where a translator looks when it is made to write the translation.
public struct AttentionAligner: WordAligner {
    /// Which heads are asked.
    public enum Heads: Sendable, Hashable {
        /// All, written and read, each weighted by how surely it leads back to where one started, `returningShare(sharpness: 2)` ^ 16 on the
        /// pairs at hand; and of their mean what both sides say (`mutual`). The powers were chosen on 90 pairs of gold alignments.
        case automatic
        /// The one that was found best when the model was trained; the mean of all where none was.
        case chosen
        /// The mean of all heads of all layers while words are written.
        case average
        /// One.
        case one(AttentionLook)
    }

    /// What reads and writes.
    public let translator: Translator
    /// Which heads are asked.
    public let heads: Heads
    /// Links from both sides, the best source of each target and the best target of each source, made one; nil: from the target alone.
    public let symmetrization: Symmetrization?

    /// An aligner of these parts.
    public init(_ translator: Translator, heads: Heads = .automatic, symmetrization: Symmetrization? = nil) {
        (self.translator, self.heads, self.symmetrization) = (translator, heads, symmetrization)
    }

    public func align(_ pairs: [WordPair]) throws -> [WordAlignment] {
        let shares = try shares(for: pairs)
        let selection = try selection()
        return try inBatches(pairs) { batch in
            try looks(of: batch, selection).map { looks in
                let mixed = try looks.mixed(shares)
                let matrix = heads == .automatic ? mixed.mutual : mixed
                return WordAlignment(links: links(of: matrix), matrix: matrix)
            }
        }
    }

    /// How good each look is on pairs that people have aligned.
    public struct LookRating: Sendable {
        /// The look.
        public let look: AttentionLook
        /// How far its links are from theirs.
        public let rate: AlignmentErrorRate
        /// How surely it leads back to where one started, which needs nobody's alignment.
        public let agreement: Double
    }

    /// Every look's rating, in the order of layers, heads, written before read.
    /// - Throws: as `align`.
    public func ratings(of pairs: [WordPair], references: [ReferenceAlignment]) throws -> [LookRating] {
        let all = try inBatches(pairs) { try looks(of: $0, .all) }
        return try (all.first?.all ?? []).map { look in
            let matrices = try all.map { try $0.matrix(of: look) }
            let rate = zip(matrices, references).reduce(into: AlignmentErrorRate()) {
                $0 += AlignmentErrorRate(of: links(of: $1.0), reference: $1.1)
            }
            return LookRating(look: look, rate: rate, agreement: agreement(of: matrices))
        }
    }

    // MARK: Which heads

    /// More pairs tell nothing new of heads.
    private static let sampleSize = 200

    /// How much each look counts.
    private func shares(for pairs: [WordPair]) throws -> [(look: AttentionLook, share: Float)] {
        switch heads {
        case .one(let look): return [(look, 1)]
        case .chosen:
            if let head = translator.model.alignment { return [(AttentionLook(head), 1)] }
            return equal
        case .average: return equal
        case .automatic:
            let sample = try inBatches(Array(pairs.prefix(Self.sampleSize))) { try looks(of: $0, .all) }
            return try (sample.first?.all ?? []).map { look in
                (look, powf(Float(agreement(of: try sample.map { try $0.matrix(of: look) })), 16))
            }
        }
    }

    /// All while words are written.
    private var equal: [(look: AttentionLook, share: Float)] {
        let extent = translator.model.model.attentionExtent
        return (0..<extent.decoderLayerCount).flatMap { layer in
            (0..<extent.headCount).map { (AttentionLook(HeadIndex(layer: layer, head: $0)), 1) }
        }
    }

    /// The heads whose weights are needed.
    private func selection() throws(PretrainedError) -> AttentionSelection {
        let one: HeadIndex? =
            switch heads {
            case .one(let look): look.head
            case .chosen: translator.model.alignment
            case .automatic, .average: nil
            }
        guard let one else { return .all }
        let extent = translator.model.model.attentionExtent
        let selection = AttentionSelection(layers: [one.layer], heads: [one.head])
        try selection.check(layerCount: extent.decoderLayerCount, headCount: extent.headCount)
        return selection
    }

    /// How surely a look leads back, the mean over pairs.
    private func agreement(of matrices: [AlignmentMatrix]) -> Double {
        matrices.reduce(0) { $0 + $1.returningShare(sharpness: 2) } / Double(max(1, matrices.count))
    }

    private func links(of matrix: AlignmentMatrix) -> HardAlignment {
        let fromTarget = matrix.hardAlignment()
        guard let symmetrization else { return fromTarget }
        return fromTarget.symmetrized(with: matrix.transposed.hardAlignment().transposed, symmetrization)
    }

    // MARK: Where they look

    private func inBatches<Result>(_ pairs: [WordPair], _ body: ([WordPair]) throws -> [Result]) throws -> [Result] {
        let size = 16
        let batches = stride(from: 0, to: pairs.count, by: size).map { Array(pairs[$0..<min($0 + size, pairs.count)]) }
        return try Parallel.map(batches.count) { try body(batches[$0]) }.flatMap(\.self)
    }

    private func looks(of batch: [WordPair], _ heads: AttentionSelection) throws -> [WordLooks] {
        let (model, form) = (translator.model, translator.model.form)
        let encodings = batch.map { (source: model.reading($0.source), target: model.writing($0.target)) }
        for (source, target) in encodings {
            let longest = max(source.ids.count, target.ids.count)
            guard longest <= translator.pieceLimit, target.ids.count < form.stepCountLimit else {
                throw TranslationError.tooLong(pieces: longest, limit: translator.pieceLimit)
            }
        }
        let seen = try model.model.attention(
            SequencePairBatch(
                encodings.map { pair in
                    (form.sequence(pair.source.ids), form.start.dropFirst() + pair.target.ids + [form.end])
                },
                special: SpecialTokens(padding: form.padding, start: form.start[0], end: form.end)),
            observing: SequenceObservation(.cross, heads: heads)
        ).cross
        guard !seen.isEmpty else { throw TranslationError.noAlignment }
        let weights = try stacked(seen.map(\.weights), axis: 1)  // [B, L, H, T, K]
        return try encodings.enumerated().map { row, pair in
            let (top, left, count) = (form.start.count - 1, form.before.count, pair.target.ids.count)
            let own = try weights.at(row).sliced(axis: 3, left..<left + pair.source.ids.count)
            func map(from first: Int) throws -> AlignmentMap {
                try AlignmentMap(
                    weights: try own.sliced(axis: 2, first..<first + count).contiguous(), source: pair.source,
                    target: pair.target, name: model.name, chosen: nil)
            }
            return WordLooks(
                layers: seen.map(\.layer), heads: heads.heads, written: try map(from: top), read: try map(from: top + 1)
            )
        }
    }
}

/// Where heads look in one pair, word by word.
private struct WordLooks {
    /// The layers that were looked into, and the heads of each; nil for all.
    let layers: [Int]
    let heads: [Int]?
    let written: AlignmentMap
    let read: AlignmentMap

    /// All looks there are.
    var all: [AttentionLook] {
        layers.flatMap { layer in
            (heads ?? Array(0..<written.headCount)).flatMap { head in
                [false, true].map { AttentionLook(HeadIndex(layer: layer, head: head), isRead: $0) }
            }
        }
    }

    func matrix(of look: AttentionLook) throws -> AlignmentMatrix {
        let index = HeadIndex(
            layer: layers.firstIndex(of: look.head.layer) ?? -1,
            head: heads.map { $0.firstIndex(of: look.head.head) ?? -1 } ?? look.head.head)
        return try (look.isRead ? read : written).matrix(.head(index))
    }

    /// The mean of looks, each counting as much as its share.
    func mixed(_ shares: [(look: AttentionLook, share: Float)]) throws -> AlignmentMatrix {
        let total = max(shares.reduce(0) { $0 + $1.share }, .leastNormalMagnitude)
        var sum = written.target.map { _ in [Float](repeating: 0, count: written.source.count) }
        for (look, share) in shares {
            for (row, weights) in try matrix(of: look).weights.enumerated() {
                for (column, weight) in weights.enumerated() { sum[row][column] += share / total * weight }
            }
        }
        return try AlignmentMatrix(name: written.name, source: written.source, target: written.target, weights: sum)
    }
}

extension TranslationModel {
    /// The pieces of words as the model reads them; the words of the prompt are none of theirs.
    fileprivate func reading(_ words: [String]) -> Encoding {
        let encoding = reader.encode(
            prompt + words.cleaned, addingSpecialTokens: false, recognizingSpecialTokens: false)
        let count = TextWords(prompt).texts.count
        return Encoding(
            ids: encoding.ids, pieces: encoding.pieces,
            words: encoding.words.map { $0.flatMap { $0 < count ? nil : $0 - count } }, wordTexts: words)
    }

    /// The pieces of words as the model writes them.
    fileprivate func writing(_ words: [String]) -> Encoding {
        let encoding = writer.encode(words.cleaned, addingSpecialTokens: false, recognizingSpecialTokens: false)
        return Encoding(ids: encoding.ids, pieces: encoding.pieces, words: encoding.words, wordTexts: words)
    }
}

extension [String] {
    /// The words with blanks between, each as the model was trained to read it, so long as it stays one word.
    fileprivate var cleaned: String {
        map { word in
            let clean = TextCleaner.clean(word)
            return TextWords(clean).texts.count == 1 ? clean : word
        }.joined(separator: " ")
    }
}
