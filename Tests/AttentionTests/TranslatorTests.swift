import Attention
import FoundationEssentials
import Testing

@Suite struct TranslatorTests {
    private let translator: Translator

    init() throws { translator = Translator(folder: try .tiny()) }

    @Test func anEmptyTextHasOneEmptyTranslation() throws {
        let found = try translator.translate(
            ["", "the dog"], options: TranslationOptions(beamSize: 2, hypothesisCount: 2))
        #expect(found.map(\.count) == [1, 2])
        let empty = found[0][0]
        #expect(empty.text.isEmpty && empty.logProbability == 0 && empty.score == 0 && empty.alignment == nil)
    }

    @Test func textsTogetherAreTextsAlone() throws {
        let texts = ["the lazy dog jumps", "fox", "the quick brown fox jumps over the dog"]
        let together = try translator.translate(texts, options: TranslationOptions(beamSize: 3))
        for (text, best) in zip(texts, together) {
            let alone = try translator.translate([text], options: TranslationOptions(beamSize: 3))[0][0]
            #expect(best[0].source == text && best[0].text == alone.text)
            #expect(abs(best[0].logProbability - alone.logProbability) < 1e-3)
        }
    }

    @Test func hypothesesComeBestFirst() throws {
        let options = TranslationOptions(beamSize: 4, hypothesisCount: 4)
        let found = try translator.translate(["the dog"], options: options)[0]
        #expect(found.count == 4)
        #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
        #expect(found.allSatisfy { $0.logProbability < 0 })
    }

    @Test func alignmentsAreOfWordsAndOnlyOnRequest() throws {
        let found = try translator.translate("the quick fox")
        let map = try #require(found.alignment)
        #expect(Array(map.source.prefix(3)) == ["the", "quick", "fox"])
        #expect(map.layerCount == 1 && map.headCount == 2)
        #expect(map.weights[0][0].count == map.target.count)
        let silent = try translator.translate(["the quick fox"], options: TranslationOptions(aligns: false))[0][0]
        #expect(silent.alignment == nil && silent.text == found.text)
    }

    @Test func longTextsAreTranslatedInParts() throws {
        let text = Array(repeating: "fox", count: translator.pieceLimit + 1).joined(separator: " ")
        let found = try translator.translate(text)
        #expect(found.source == text)
        #expect(found.sentences.count > 1)
        #expect(found.sentences.map(\.source).joined(separator: " ") == text)
    }

    @Test func aLineOfJSONIsWhatWasFound() throws {
        struct Line: Decodable {
            let source, text: String
            let score, logProbability: Double
            let links: String?
            let alignment: [[Float]]?
            let sourceWords, targetWords: [String]?
        }
        let found = try translator.translate("the quick fox")
        let json = try found.jsonLine()
        #expect(!json.contains("\n"))
        let line = try JSONDecoder().decode(Line.self, from: Data(json.utf8))
        let matrix = try #require(found.alignment).chosenMatrix
        #expect(line.source == "the quick fox" && line.text == found.text)
        #expect(line.score == found.score && line.logProbability == found.logProbability)
        #expect(line.links == matrix.hardAlignment().pharaoh)
        #expect(line.alignment == matrix.weights)
        #expect(line.sourceWords == matrix.source && line.targetWords == matrix.target)
        #expect(
            try translator.translate("").jsonLine()
                == #"{"logProbability":0,"score":0,"sentences":[],"source":"","text":""}"#)
    }
}
