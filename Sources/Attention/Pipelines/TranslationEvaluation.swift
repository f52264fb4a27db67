public import AttentionTraining
import FoundationEssentials

/// Translates a test set and compares with its references.
public struct TranslationEvaluation: Sendable {
    /// What translates.
    public let translator: Translator
    /// Hypotheses the search keeps.
    public let beamSize: Int
    /// How BLEU is computed.
    public let bleu: BLEU

    /// An evaluation of these parts.
    public init(translator: Translator, beamSize: Int = 5, bleu: BLEU = BLEU()) {
        self.translator = translator
        self.beamSize = beamSize
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
        /// BLEU of the segments whose source has so many words.
        public let byLength: [(words: ClosedRange<Int>, segments: Int, bleu: Double)]
    }

    /// Translates all segments; `progress` is told how many are done.
    public func run(_ segments: [ReferenceSegment], progress: (Int, Int) -> Void = { _, _ in }) throws -> Result {
        let options = TranslationOptions(beamSize: beamSize, aligns: false)
        var hypotheses: [String] = []
        let blockSize = 256
        for start in stride(from: 0, to: segments.count, by: blockSize) {
            let block = segments[start..<min(segments.count, start + blockSize)]
            hypotheses += try translator.translate(block.map(\.source), options: options).map { $0.first?.text ?? "" }
            progress(hypotheses.count, segments.count)
        }
        let references = segments.map(\.references)
        return Result(
            hypotheses: hypotheses, bleu: try bleu.score(hypotheses, references: references),
            chrF: try ChrF.chrF2.score(hypotheses, references: references),
            byLength: try byLength(segments, hypotheses))
    }

    private func byLength(
        _ segments: [ReferenceSegment], _ hypotheses: [String]
    ) throws -> [(words: ClosedRange<Int>, segments: Int, bleu: Double)] {
        let lengths = segments.map { $0.source.split(whereSeparator: \.isWhitespace).count }
        let edges = [1, 6, 11, 16, 21, 26, 31, 36, 41, 51, 61, 81, 101, Int.max]
        return try zip(edges, edges.dropFirst()).compactMap { low, high in
            let rows = segments.indices.filter { lengths[$0] >= low && lengths[$0] < high }
            guard !rows.isEmpty else { return nil }
            let score = try bleu.score(rows.map { hypotheses[$0] }, references: rows.map { segments[$0].references })
            return (low...(high - 1), rows.count, score.score)
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
                let upper = row.words.upperBound == Int.max - 1 ? "" : "\(row.words.upperBound)"
                lines.append("\(row.words.lowerBound)–\(upper)\t\(row.segments)\t\(rounded(row.bleu))")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The scores as JSON.
    public func json(byLength: Bool) throws -> String {
        struct Row: Encodable {
            let from: Int
            let to: Int?
            let sentences: Int
            let bleu: Double
        }
        struct Object: Encodable {
            let bleu: Double
            let bleuSignature: String
            let chrF2: Double
            let chrFSignature: String
            let sentences: Int
            let byLength: [Row]?
        }
        let rows = self.byLength.map {
            Row(
                from: $0.words.lowerBound, to: $0.words.upperBound == Int.max - 1 ? nil : $0.words.upperBound,
                sentences: $0.segments, bleu: rounded($0.bleu))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(
            decoding: try encoder.encode(
                Object(
                    bleu: rounded(bleu.score), bleuSignature: bleu.signature, chrF2: rounded(chrF.score),
                    chrFSignature: chrF.signature, sentences: hypotheses.count, byLength: byLength ? rows : nil)),
            as: UTF8.self)
    }

    private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
