public import AttentionEvaluation
import AttentionFiles
public import AttentionTraining

/// Translates a test set and compares with its references.
public struct TranslationEvaluation: Sendable {
    /// What translates.
    public let translator: Translator
    /// How BLEU is computed; chrF2 goes by its case.
    public let bleu: BLEU
    /// How segments are translated.
    public var options: TranslationOptions

    /// An evaluation of these parts.
    public init(translator: Translator, beamSize: Int? = nil, bleu: BLEU = BLEU()) {
        self.translator = translator
        options = TranslationOptions(beamSize: beamSize, aligns: false)
        self.bleu = bleu
    }

    /// The translations and their scores.
    public struct Result: Sendable {
        /// One translation for each segment.
        public let hypotheses: [String]
        /// Corpus BLEU.
        public let bleu: BLEUScore
        /// Corpus chrF2.
        public let chrF: ChrFScore
        /// BLEU by the length of the source, short to long.
        public let byLength: [LengthBucket]
        /// chrF2 behind beginnings of both kinds, where that was asked for, see `byBeginning(_:lengths:count:progress:)`.
        public var byBeginning: [Beginning]?
    }

    /// The segments whose sources have about the same number of words.
    public struct LengthBucket: Sendable, Hashable, Codable {
        /// The fewest words of a source here.
        public let from: Int
        /// The most; nil for the last bucket, which has no end.
        public let to: Int?
        /// The mean number of words.
        public let meanLength: Double
        /// How many segments there are.
        public let segments: Int
        /// Their corpus BLEU.
        public let bleu: Double
    }

    /// Translates all segments; `progress` is told how many are done.
    public func run(_ segments: [ReferenceSegment], progress: (Int, Int) -> Void = { _, _ in }) throws -> Result {
        var hypotheses: [String] = []
        let blockSize = 256
        for start in stride(from: 0, to: segments.count, by: blockSize) {
            let block = segments[start..<min(segments.count, start + blockSize)].map(\.source)
            hypotheses += try translator.translate(block, options: options).map { $0.first?.text ?? "" }
            progress(hypotheses.count, segments.count)
        }
        let references = segments.map(\.references)
        return Result(
            hypotheses: hypotheses,
            bleu: try bleu.score(hypotheses, references: references),
            chrF: try ChrF(isLowercased: bleu.isLowercased).score(hypotheses, references: references),
            byLength: try byLength(segments, hypotheses))
    }

    private func byLength(_ segments: [ReferenceSegment], _ hypotheses: [String]) throws -> [LengthBucket] {
        let lengths = segments.map { $0.source.split(whereSeparator: \.isWhitespace).count }
        let starts = [0, 6, 11, 16, 21, 26, 31, 36, 41, 51, 61, 81, 101]
        return try zip(starts, starts.dropFirst().map(Optional.some) + [nil]).compactMap { start, next in
            let rows = segments.indices.filter { lengths[$0] >= start && lengths[$0] < next ?? .max }
            guard !rows.isEmpty else { return nil }
            let score = try bleu.score(rows.map { hypotheses[$0] }, references: rows.map { segments[$0].references })
            let mean = Double(rows.reduce(0) { $0 + lengths[$1] }) / Double(rows.count)
            return LengthBucket(
                from: start, to: next.map { $0 - 1 }, meanLength: mean, segments: rows.count, bleu: score.score)
        }
    }
}

extension TranslationEvaluation.Result {
    /// The scores in sacreBLEU's words, one per line.
    public func text(byLength: Bool) -> String {
        var lines = ["\(bleu)", "\(chrF)", "\(hypotheses.count) sentences"]
        if byLength {
            lines.append("words\tsentences\tBLEU")
            for row in self.byLength {
                lines.append("\(row.from)–\(row.to.map(String.init) ?? "")\t\(row.segments)\t\(rounded(row.bleu))")
            }
        }
        if let byBeginning {
            lines.append("tokens before\tsentences\tchrF2 behind its own\tbehind the reference's")
            for row in byBeginning {
                lines.append("\(row.length)\t\(row.segments)\t\(rounded(row.own))\t\(rounded(row.given))")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The scores as JSON, with what the model is called.
    public func json(model: String, byLength: Bool) throws -> String {
        struct Object: Encodable {
            let model: String
            let bleu: Double
            let bleuSignature: String
            let chrF2: Double
            let chrFSignature: String
            let sentences: Int
            let byLength: [TranslationEvaluation.LengthBucket]?
            let byBeginning: [TranslationEvaluation.Beginning]?
        }
        return try JSONEncoding.text(
            of: Object(
                model: model, bleu: rounded(bleu.score), bleuSignature: bleu.signature, chrF2: rounded(chrF.score),
                chrFSignature: chrF.signature, sentences: hypotheses.count,
                byLength: byLength ? self.byLength : nil, byBeginning: byBeginning))
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
