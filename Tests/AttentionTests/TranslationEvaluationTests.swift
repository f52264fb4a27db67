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

    private struct Report: Decodable {
        let model, bleuSignature: String
        let sentences: Int
        let byLength: [TranslationEvaluation.LengthBucket]?
    }
}
