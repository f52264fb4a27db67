import Attention
import FoundationEssentials
import Testing

@Suite struct TranslationEvaluationTests {
    private let translator: Translator

    init() throws { translator = Translator(folder: try .tiny()) }

    @Test func itsOwnTranslationsAreAllRight() throws {
        let sources = ["the dog", "the quick brown fox jumps over the lazy dog", "the lazy fox jumps over the dog"]
        let texts = try translator.translate(sources, options: TranslationOptions(beamSize: 2, aligns: false)).map {
            $0[0].text
        }
        let segments = zip(sources, texts).map { ReferenceSegment(source: $0, references: [$1]) }
        var told: [[Int]] = []
        let result = try TranslationEvaluation(translator: translator, beamSize: 2).run(segments) {
            told.append([$0, $1])
        }
        #expect(result.hypotheses == texts)
        #expect(told == [[3, 3]])
        #expect(abs(result.chrF.score - 100) < 1e-9)
        #expect(result.byLength.map(\.from) == [0, 6])
        #expect(result.byLength.map(\.to) == [5, 10])
        #expect(result.byLength.map(\.segments) == [1, 2])
        #expect(result.byLength.map(\.meanLength) == [2, 8])
    }

    @Test func longTextsAreTranslatedInPartsAndBlankOnesAreBlank() throws {
        let long = Array(repeating: "fox", count: translator.pieceLimit + 1).joined(separator: " ")
        let segments = [
            ReferenceSegment(source: long, references: ["renard"]), ReferenceSegment(source: "", references: [""]),
        ]
        let result = try TranslationEvaluation(translator: translator, beamSize: 1).run(segments)
        #expect(
            result.hypotheses == [
                try translator.translate([long], options: TranslationOptions(beamSize: 1, aligns: false))[0][0].text,
                "",
            ])
        let lines = result.text(byLength: true).split(separator: "\n").map(String.init)
        #expect(lines[2] == "2 sentences")
    }

    @Test func caseIsOneForAllScores() throws {
        let segments = [ReferenceSegment(source: "the dog", references: ["LE CHIEN"])]
        let evaluation = TranslationEvaluation(
            translator: translator, beamSize: 1, bleu: BLEU(isLowercased: true))
        let result = try evaluation.run(segments)
        #expect(result.bleu.signature.contains("case:lc") && result.chrF.signature.contains("case:lc"))
        #expect(
            result.chrF
                == (try ChrF(isLowercased: true).score(result.hypotheses, references: [["le chien"]])))
    }

    /// What follows a beginning that is given, found anew for each token from all before it.
    @Test func whatFollowsBeginningsIsTheLikeliest() throws {
        let sources = ["the quick brown fox jumps over the lazy dog", "the dog"]
        let references = ["le renard brun saute par dessus le chien paresseux", "l"]
        let segments = zip(sources, references).map { ReferenceSegment(source: $0, references: [$1]) }
        let model = translator.model
        let right = model.writer.encode(references[0], addingSpecialTokens: false, recognizingSpecialTokens: false).ids
        let short = model.writer.encode(references[1], addingSpecialTokens: false, recognizingSpecialTokens: false).ids
        try #require(right.count >= 7 && short.count < 7)
        let evaluation = TranslationEvaluation(translator: translator, bleu: BLEU())
        let found = try evaluation.byBeginning(segments, lengths: [0, 4, 500], count: 3)
        #expect(found.map(\.length) == [0, 4] && found[1].segments == 1)
        #expect(found[0].own == found[0].given)

        let source = model.reader.encode(sources[0], addingSpecialTokens: false, recognizingSpecialTokens: false).ids
        func likeliest(behind beginning: [Int], _ count: Int) throws -> [Int] {
            var written: [Int] = []
            while written.count < count {
                let next = try first(
                    model.model, of: model.form.before + source + model.form.behind, beginning + written)
                guard let next else { break }
                written.append(next)
            }
            return written
        }
        func score(_ ids: [Int]) throws -> Double {
            try ChrF().score([model.writer.decode(ids)], references: [[model.writer.decode(Array(right[4..<7]))]]).score
        }
        #expect(found[1].given == (try score(likeliest(behind: Array(right.prefix(4)), 3))))
        #expect(found[1].own == (try score(Array(likeliest(behind: [], 7).dropFirst(4)))))
        #expect { try evaluation.byBeginning(segments, count: 0) } throws: { "\($0)".contains("count") }

        var result = try evaluation.run(segments)
        result.byBeginning = found
        #expect(result.text(byLength: false).contains("\n4\t1\t"))
    }

    private func first(_ decoder: some SequenceToSequence, of source: [Int], _ written: [Int]) throws -> Int? {
        let form = translator.model.form
        let search = BeamSearch(
            beamSize: 1, lengthNormalization: .none,
            tokens: TokenRules(endTokens: [form.end], bannedTokens: form.banned))
        return try search.search(
            decoder, from: try decoder.start(PaddedBatch([source], padding: form.padding)),
            prompts: [form.start + written], stepLimits: [1])[0].first?.tokens.first
    }

    private struct Report: Decodable {
        let model, bleuSignature: String
        let sentences: Int
        let byLength: [TranslationEvaluation.LengthBucket]?
    }
}
