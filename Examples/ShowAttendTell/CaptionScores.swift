import AttentionEvaluation
import AttentionTraining

/// How good captions are.
package struct CaptionScores: Sendable, Hashable {
    /// The share that are right to the word, from 0 to 1.
    package let rightShare: Double
    /// BLEU with n-grams of up to four words, from 0 to 100.
    package let bleu: Double
    /// CIDEr-D, from 0 to 10.
    package let cider: Double

    /// Those of captions, each with one reference, both as words.
    /// - Throws: `MetricError` if there are none.
    package init(_ captions: [[String]], references: [[String]]) throws {
        let (lines, wanted) = (captions.map { $0.joined(separator: " ") }, references.map { $0.joined(separator: " ") })
        rightShare = Double(zip(lines, wanted).count { $0 == $1 }) / Double(max(1, wanted.count))
        bleu = try BLEU(tokenizer: .none).score(lines, references: wanted).score
        cider = try CIDErD().score(lines, references: wanted.map { [$0] })
    }
}

extension PictureTeller {
    /// What it says of pictures, a hundred at a time.
    package func captions(of pictures: [CaptionedPicture], limit: Int) throws -> [[String]] {
        var (captions, rest): ([[String]], ArraySlice<CaptionedPicture>) = ([], pictures[...])
        while !rest.isEmpty {
            try StopSignal.check()
            captions += try tell(Array(rest.prefix(100)), limit: limit).map(\.words)
            rest = rest.dropFirst(100)
        }
        return captions
    }
}
