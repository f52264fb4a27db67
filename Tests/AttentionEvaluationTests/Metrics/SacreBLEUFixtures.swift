import AttentionEvaluation
import AttentionFiles
import FoundationEssentials

/// What sacreBLEU says of our own sentences: scripts/make-metric-fixtures.py.
struct SacreBLEUFixtures: Decodable {
    struct Case: Decodable, CustomStringConvertible {
        let name: String
        let rows: [[String]]
        let bleu: [BLEUResult]
        let chrf: [ChrFResult]

        var hypotheses: [String] { rows.map { $0[0] } }
        var references: [[String]] { rows.map { Array($0.dropFirst()) } }
        var description: String { name }
    }

    struct BLEUResult: Decodable {
        struct Options: Decodable {
            var lowercase: Bool?
            var tokenize: String?
            var smoothMethod: String?
            var smoothValue: Double?

            var metric: BLEU? {
                guard let tokenizer = BLEUTokenizer(rawValue: tokenize ?? "13a") else { return nil }
                let smoothing: BLEUSmoothing? =
                    switch smoothMethod {
                    case nil, "exp": .exponential
                    case "none": BLEUSmoothing.none
                    case "floor": smoothValue.map { .floor($0) } ?? .floor()
                    case "add-k": smoothValue.map { .addK($0) } ?? .addK()
                    default: nil
                    }
                return smoothing.map { BLEU(tokenizer: tokenizer, smoothing: $0, isLowercased: lowercase ?? false) }
            }
        }

        let options: Options
        let score: Double
        let precisions: [Double]
        let brevityPenalty: Double
        let hypothesisLength: Int
        let referenceLength: Int
        let signature: String
        let line: String
        let sentences: [Double]
    }

    struct ChrFResult: Decodable {
        struct Options: Decodable {
            var charOrder: Int?
            var wordOrder: Int?
            var beta: Int?
            var lowercase: Bool?
            var whitespace: Bool?
            var epsSmoothing: Bool?

            var metric: ChrF {
                ChrF(
                    characterOrder: charOrder ?? 6, wordOrder: wordOrder ?? 0, beta: beta ?? 2,
                    isLowercased: lowercase ?? false, includesWhitespace: whitespace ?? false,
                    smoothing: epsSmoothing == true ? .epsilon : .effectiveOrder)
            }
        }

        let options: Options
        let score: Double
        let signature: String
        let line: String
        let sentences: [Double]
    }

    struct Tokens: Decodable {
        let line: String
        let mteval13a: String
        let international: String

        enum CodingKeys: String, CodingKey {
            case line
            case mteval13a = "13a"
            case international = "intl"
        }
    }

    let cases: [Case]
    let tokens: [Tokens]

    static func load() throws -> SacreBLEUFixtures {
        let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let bytes = try FileContents.read("/\(tests)/Fixtures/Metrics/sacrebleu.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(SacreBLEUFixtures.self, from: Data(bytes))
    }
}

/// Close to rounding: a billionth, where scores go to 100.
func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 }
