import AttentionDecoding
import AttentionEvaluation
import AttentionModels
import AttentionText

extension TranslationEvaluation {
    /// How a model goes on behind so many tokens: its own, and the reference's.
    public struct Beginning: Sendable, Hashable, Codable {
        /// How many tokens stand before.
        public let length: Int
        /// How many segments have a reference that is long enough.
        public let segments: Int
        /// chrF2 of what comes next behind what the model wrote itself.
        public let own: Double
        /// chrF2 of what comes next behind the beginning of the reference.
        public let given: Double
    }

    /// How much a model loses by going on from what it wrote itself, of a model that has only seen right beginnings while it learnt (*exposure bias*).
    ///
    /// For the first reference of every segment, if it has at least k + n tokens: the n tokens behind its first k, which are given, each the likeliest;
    /// and tokens k to k + n of what the model writes from the start. Both are compared with the reference's tokens k to k + n. With nothing before both are
    /// the same; further on their difference tells what has piled up. Part of it is no error, since a sentence may rightly be said in another way, so that it is
    /// models side by side that it tells apart.
    ///
    /// Source: Ranzato et al. 2016, *Sequence Level Training with Recurrent Neural Networks*, for the bias; He et al. 2021, *Exposure Bias versus
    /// Self-Recovery: Are Distortions Really Incremental for Autoregressive Text Generation?*, for comparing what follows beginnings of both kinds.
    /// - Parameters:
    ///   - lengths: each k, from 0 up.
    ///   - count: n, at least 1.
    ///   - progress: told how many of these lengths are done, and of how many.
    /// - Returns: a row for each length that some reference reaches.
    /// - Throws: `ConfigurationError` for lengths that make no sense; else as `run`.
    public func byBeginning(
        _ segments: [ReferenceSegment], lengths: [Int] = [0, 4, 8, 12, 16, 24], count: Int = 8,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [Beginning] {
        try ConfigurationError.require("count", count, in: 1...512)
        for length in lengths { try ConfigurationError.require("lengths", length, in: 0...512) }
        let targets = segments.map { translator.ids(ofTarget: $0.references.first ?? "") }
        let whole = try translator.continuations(
            of: segments.map(\.source), behind: segments.map { _ in [] }, count: (lengths.max() ?? 0) + count)
        let chrF = ChrF(isLowercased: bleu.isLowercased)
        var found: [Beginning] = []
        for (done, length) in lengths.enumerated() {
            let rows = segments.indices.filter { targets[$0].count >= length + count }
            if !rows.isEmpty {
                let given = try translator.continuations(
                    of: rows.map { segments[$0].source }, behind: rows.map { Array(targets[$0].prefix(length)) },
                    count: count)
                let own = rows.map { Array(whole[$0].dropFirst(length).prefix(count)) }
                let right = rows.map { [translator.text(of: targets[$0].dropFirst(length).prefix(count))] }
                func score(_ ids: [[Int]]) throws -> Double {
                    try chrF.score(ids.map { translator.text(of: $0[...]) }, references: right).score
                }
                found.append(
                    Beginning(length: length, segments: rows.count, own: try score(own), given: try score(given)))
            }
            progress(done + 1, lengths.count)
        }
        return found
    }
}

extension Translator {
    /// A text as the model writes it.
    fileprivate func ids(ofTarget text: String) -> [Int] {
        model.writer.encode(text, addingSpecialTokens: false, recognizingSpecialTokens: false).ids
    }

    fileprivate func text(of ids: ArraySlice<Int>) -> String { model.writer.decode(Array(ids)) }

    /// So many tokens behind the beginning of each translation, each the likeliest; fewer where the end comes before.
    fileprivate func continuations(of sources: [String], behind beginnings: [[Int]], count: Int) throws -> [[Int]] {
        let encodings = sources.map(encoding)
        if let long = encodings.first(where: { $0.ids.count > pieceLimit }) {
            throw TranslationError.tooLong(pieces: long.ids.count, limit: pieceLimit)
        }
        let size = 32
        let starts = Array(stride(from: 0, to: sources.count, by: size))
        return try each(starts.count) { index in
            let rows = starts[index]..<min(starts[index] + size, sources.count)
            return try continuations(
                model.model, of: encodings[rows].map { model.form.sequence($0.ids) }, behind: Array(beginnings[rows]),
                count: count)
        }.flatMap { $0 }
    }

    private func continuations(
        _ decoder: some SequenceToSequence, of sources: [[Int]], behind beginnings: [[Int]], count: Int
    ) throws -> [[Int]] {
        let form = model.form
        let search = BeamSearch(
            beamSize: 1, lengthNormalization: .none,
            tokens: TokenRules(endTokens: [form.end], bannedTokens: form.banned))
        let limits = beginnings.map { max(0, min(count, form.stepCountLimit - $0.count)) }
        return try search.search(
            decoder, from: try decoder.start(PaddedBatch(sources, padding: form.padding)),
            prompts: beginnings.map { form.start + $0 }, stepLimits: limits
        ).map { $0.first?.tokens ?? [] }
    }
}
