import AttentionEvaluation
import AttentionFiles
import AttentionTraining
import FoundationEssentials
import Testing

/// Where whole test sets with their scores are, on machines that have them: the folder `bleu-check` of
/// `ATTENTION_DATA`, or of `../shared/data` beside the package.
private enum ReferenceScores {
    static let folder: String = {
        let package = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let data = ProcessInfo.processInfo.environment["ATTENTION_DATA"] ?? "/\(package)/../shared/data"
        return data + "/bleu-check"
    }()

    /// Decodes a file of the folder.
    static func decode<Contents: Decodable>(_ type: Contents.Type, from name: String) throws -> Contents {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(FileContents.read("\(folder)/\(name)")))
    }

    static var arePresent: Bool { FileManager.default.fileExists(atPath: folder + "/expected.json") }
}

@Suite(.enabled(if: ReferenceScores.arePresent, "whole test sets are on some machines only; see ATTENTION_DATA"))
struct ReferenceScoresTests {
    struct Expected: Decodable {
        struct Score: Decodable {
            let score: Double
            let precisions: [Double]?
            let counts: [Double]?
            let totals: [Double]?
            let bp: Double?
            let sysLen: Int?
            let refLen: Int?
            let signature: String
        }

        let scores: [String: Score]
        let sentences: [Double]?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            var scores: [String: Score] = [:]
            for key in container.allKeys where key.stringValue != "sentenceBleu" {
                scores[key.stringValue] = try container.decode(Score.self, forKey: key)
            }
            self.scores = scores
            sentences = try container.decodeIfPresent([Double].self, forKey: Name(stringValue: "sentenceBleu"))
        }

        struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
    }

    struct File: Decodable { let cases: [String: Expected] }

    static let metrics: [String: BLEU] = [
        "bleu-13a": BLEU(),
        "bleu-13a-lc": BLEU(isLowercased: true),
        "bleu-none": BLEU(tokenizer: .none),
        "bleu-intl": BLEU(tokenizer: .international),
        "bleu-char": BLEU(tokenizer: .character),
        "bleu-13a-nosmooth": BLEU(smoothing: .none),
        "bleu-13a-floor": BLEU(smoothing: .floor()),
        "bleu-13a-add1": BLEU(smoothing: .addK()),
    ]

    /// Hypotheses and references of a case, whose file has one reference column or two.
    private func rows(_ name: String) throws -> (hypotheses: [String], references: [[String]]) {
        let path = "\(ReferenceScores.folder)/\(name).tsv.gz"
        let pairs = try ParallelCorpus(reading: [path]).pairs
        var references = pairs.map { [$0.target] }
        if name.hasSuffix("2refs") {
            let columns = ParallelCorpus.Columns(source: 0, target: 2)
            for (index, pair) in try ParallelCorpus(reading: [path], columns: columns).pairs.enumerated() {
                references[index].append(pair.target)
            }
        }
        return (pairs.map(\.source), references)
    }

    @Test func wholeTestSets() throws {
        let file = try ReferenceScores.decode(File.self, from: "expected.json")
        var checkedCount = 0
        for (name, expected) in file.cases {
            let (hypotheses, references) = try rows(name)
            for (key, score) in expected.scores {
                checkedCount += 1
                if let metric = Self.metrics[key] {
                    let found = try metric.score(hypotheses, references: references)
                    #expect(isClose(found.score, score.score), "\(name) \(key)")
                    #expect(found.signature == score.signature)
                    #expect(found.hypothesisLength == score.sysLen)
                    #expect(found.referenceLength == score.refLen)
                    #expect(isClose(found.brevityPenalty, score.bp ?? -1))
                    #expect(found.precisions.count == score.precisions?.count)
                    #expect(zip(found.precisions, score.precisions ?? []).allSatisfy(isClose))
                    guard key != "bleu-13a-add1" else { continue }  // counts recorded after smoothing
                    #expect(found.matches.map(Double.init) == score.counts)
                    #expect(found.totals.map(Double.init) == score.totals)
                } else {
                    let metric = try #require(["chrf2": ChrF.chrF2, "chrf2pp": .chrF2PlusPlus][key])
                    let found = try metric.score(hypotheses, references: references)
                    #expect(isClose(found.score, score.score), "\(name) \(key)")
                    #expect(found.signature == score.signature)
                }
            }
            for (index, score) in (expected.sentences ?? []).enumerated() {
                let found = try BLEU().sentenceScore(hypotheses[index], references: references[index])
                #expect(isClose(found.score, score), "\(name) \(index)")
            }
        }
        #expect(checkedCount == 100)
    }

    @Test func tokens() throws {
        struct Tokens: Decodable {
            let input: String
            let tokens13A: String
            let tokensIntl: String
        }
        for expected in try ReferenceScores.decode([Tokens].self, from: "tokenizer-13a.json") {
            #expect(BLEUTokenizer.mteval13a.tokenize(expected.input) == expected.tokens13A)
            #expect(BLEUTokenizer.international.tokenize(expected.input) == expected.tokensIntl)
        }
    }
}
