public import AttentionInspection
import AttentionModels
import AttentionTensors
import AttentionText

/// Links words by where a translator looks when it is made to write the translation.
public struct AttentionAligner: WordAligner {
    /// Which heads are asked.
    public enum Head: Sendable, Hashable {
        /// The one that was found best when the model was trained; the mean of all where none was.
        case automatic
        /// The mean of all heads of all layers.
        case average
        /// One head.
        case one(HeadIndex)
    }

    /// What reads and writes.
    public let translator: Translator
    /// Which heads are asked.
    public let head: Head
    /// Links from both sides, the best source of each target and the best target of each source, made one; nil: from the target alone.
    public let symmetrization: Symmetrization?

    /// An aligner of these parts.
    public init(_ translator: Translator, head: Head = .automatic, symmetrization: Symmetrization? = nil) {
        (self.translator, self.head, self.symmetrization) = (translator, head, symmetrization)
    }

    public func align(_ pairs: [WordPair]) throws -> [WordAlignment] {
        try maps(of: pairs, heads: try selection()).map { map in
            let matrix = try map.matrix(.mean)
            return WordAlignment(links: links(of: matrix), matrix: matrix)
        }
    }

    /// The error rate of each head's links, [layer][head].
    /// - Throws: as `align`.
    public func rates(of pairs: [WordPair], references: [ReferenceAlignment]) throws -> [[AlignmentErrorRate]] {
        let maps = try maps(of: pairs, heads: .all)
        guard let first = maps.first else { return [] }
        return try (0..<first.layerCount).map { layer in
            try (0..<first.headCount).map { head in
                try zip(maps, references).reduce(into: AlignmentErrorRate()) { sum, pair in
                    let matrix = try pair.0.matrix(.head(HeadIndex(layer: layer, head: head)))
                    sum += AlignmentErrorRate(of: links(of: matrix), reference: pair.1)
                }
            }
        }
    }

    private func links(of matrix: AlignmentMatrix) -> HardAlignment {
        let fromTarget = matrix.hardAlignment()
        guard let symmetrization else { return fromTarget }
        return fromTarget.symmetrized(with: matrix.transposed.hardAlignment().transposed, symmetrization)
    }

    private func selection() throws(PretrainedError) -> AttentionSelection {
        let extent = translator.model.model.attentionExtent
        let chosen: HeadIndex? =
            switch head {
            case .automatic: translator.model.alignment
            case .average: nil
            case .one(let index): index
            }
        guard let chosen else { return .all }
        let selection = AttentionSelection(layers: [chosen.layer], heads: [chosen.head])
        try selection.check(layerCount: extent.decoderLayerCount, headCount: extent.headCount)
        return selection
    }

    /// Where chosen heads look, word by word.
    private func maps(of pairs: [WordPair], heads: AttentionSelection) throws -> [AlignmentMap] {
        let size = 16
        let batches = stride(from: 0, to: pairs.count, by: size).map { Array(pairs[$0..<min($0 + size, pairs.count)]) }
        return try Parallel.map(batches.count) { try maps(of: batches[$0], heads) }.flatMap(\.self)
    }

    private func maps(of batch: [WordPair], _ heads: AttentionSelection) throws -> [AlignmentMap] {
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
            let (top, left) = (form.start.count - 1, form.before.count)
            return try AlignmentMap(
                weights: try weights.at(row).sliced(axis: 2, top..<top + pair.target.ids.count + 1)
                    .sliced(axis: 3, left..<left + pair.source.ids.count).contiguous(),
                source: pair.source, target: pair.target, name: model.name, chosen: nil)
        }
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
