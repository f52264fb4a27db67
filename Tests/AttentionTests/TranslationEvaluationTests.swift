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
        #expect(result.refusedCount == 0)
        #expect(told == [[3, 3]])
        #expect(abs(result.chrF.score - 100) < 1e-9)
        #expect(result.byLength.map(\.from) == [0, 6])
        #expect(result.byLength.map(\.to) == [5, 10])
        #expect(result.byLength.map(\.segments) == [1, 2])
        #expect(result.byLength.map(\.meanLength) == [2, 8])
    }

    @Test func textsThatAreTooLongAreCountedAndScoredAsEmpty() throws {
        let long = Array(repeating: "fox", count: translator.pieceLimit + 1).joined(separator: " ")
        let segments = [
            ReferenceSegment(source: long, references: ["renard"]), ReferenceSegment(source: "", references: [""]),
        ]
        let result = try TranslationEvaluation(translator: translator, beamSize: 1).run(segments)
        #expect(result.refusedCount == 1)
        #expect(result.hypotheses == ["", ""])
        #expect(result.bleu.score == 0)
        let lines = result.text(byLength: true).split(separator: "\n").map(String.init)
        #expect(lines[2] == "2 sentences, 1 too long and scored as empty")
        #expect(lines[3] == "words\tsentences\tBLEU")
        #expect(lines[4].hasPrefix("0–5\t1\t"))
        #expect(lines[5].hasPrefix("101–\t1\t"))
        let json = try JSONDecoder().decode(Report.self, from: Data(result.json(model: "tiny", byLength: false).utf8))
        #expect(json.model == "tiny" && json.sentences == 2 && json.refused == 1 && json.byLength == nil)
        #expect(json.bleuSignature == result.bleu.signature)
    }

    private struct Report: Decodable {
        let model, bleuSignature: String
        let sentences, refused: Int
        let byLength: [TranslationEvaluation.LengthBucket]?
    }
}
