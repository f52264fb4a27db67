import AttentionFiles
import FoundationEssentials
import Testing

/// A document of any kind that Foundation can encode, too.
private indirect enum Document: Encodable {
    case nothing
    case truth(Bool)
    case signed(Int64)
    case unsigned(UInt64)
    case double(Double)
    case float(Float)
    case text(String)
    case list([Document])
    case table([String: Document])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .nothing: try container.encodeNil()
        case .truth(let value): try container.encode(value)
        case .signed(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .float(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .table(let value): try container.encode(value)
        }
    }

    /// A document of at most this depth.
    static func random(depth: Int, using generator: inout SplitMix) -> Document {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &generator) {
        case 0: .nothing
        case 1: .truth(.random(using: &generator))
        case 2: .signed(Int64(truncatingIfNeeded: generator.next()) >> Int64.random(in: 0..<64, using: &generator))
        case 3: .unsigned(generator.next())
        case 4: .double(finite(Double(bitPattern: generator.next())))
        case 5: .float(finite(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))))
        case 6: .text(text(using: &generator))
        case 7:
            .list(
                (0..<Int.random(in: 0..<5, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) })
        default:
            .table(
                Dictionary(
                    (0..<Int.random(in: 0..<6, using: &generator)).map { _ in
                        (text(using: &generator), random(depth: depth - 1, using: &generator))
                    }
                ) { first, _ in first })
        }
    }

    private static func finite<Number: BinaryFloatingPoint>(_ value: Number) -> Number { value.isFinite ? value : 0.5 }

    private static func text(using generator: inout SplitMix) -> String {
        let letters = Array("aAbBzZ_09 /\"\\\n\r\t\u{8}\u{C}\u{1}\u{1F}\u{7F}éÄ\u{301}▁😀\u{2028}")
        return String(
            (0..<Int.random(in: 0..<8, using: &generator)).map { _ in letters.randomElement(using: &generator)! })
    }
}

/// Steele, Lea & Flood 2014: the same numbers in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// What models, logs and results were written with before must be what they are written with now, byte for byte.
@Suite struct JSONFoundationTests {
    @Test(arguments: 0..<40) func writesTheBytesThatFoundationWrites(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        let encoder = JSONEncoder()
        for _ in 0..<25 {
            let document = Document.random(depth: 4, using: &generator)
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            #expect(
                try JSONEncoding.text(of: document) == String(decoding: try encoder.encode(document), as: UTF8.self))
            encoder.outputFormatting.insert(.prettyPrinted)
            let lines = try JSONEncoding.text(of: document, as: .lines)
            #expect(lines == String(decoding: try encoder.encode(document), as: UTF8.self))

            let tree = try JSONParser.parse(Array(lines.utf8))
            for layout in [JSONWriter.Layout.compact, .lines, .tokenizer] {
                #expect(try JSONParser.parse(JSONWriter.write(tree, as: layout)) == tree)
            }
        }
    }

    @Test(arguments: 0..<8) func readsTheNumbersThatFoundationReads(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed ^ 0xABCD)
        for _ in 0..<2000 {
            let value = Double(bitPattern: generator.next())
            let digits = generator.next() >> UInt64.random(in: 0..<64, using: &generator)
            let decimals = Int.random(in: 1...19, using: &generator)
            let padded = String(repeating: "0", count: decimals) + String(digits)
            let texts = [
                value.isFinite ? "\(value)" : "1", String(digits), "-\(digits)e-\(decimals)", "\(digits)e\(decimals)",
                "0." + padded, String(digits) + "." + String(generator.next() >> 20),
            ]
            for text in texts {
                guard case .number(let number) = try JSONParser.parse(Array(text.utf8)) else {
                    Issue.record("\(text) is no number")
                    continue
                }
                #expect(number.double == Double(text), "\(text)")
                if let integer = Int64(text) { #expect(number.exactly() == integer, "\(text)") }
                if let integer = UInt64(text) { #expect(number.exactly() == integer, "\(text)") }
            }
        }
    }

    @Test func damagedDocumentsAreReadOrRefused() throws {
        struct Anything: Decodable { init(from decoder: any Decoder) {} }
        var generator = SplitMix(state: 7)
        for _ in 0..<3000 {
            var bytes = JSONWriter.write(
                try JSONEncoding.document(of: Document.random(depth: 3, using: &generator)), as: .compact)
            for _ in 0..<Int.random(in: 1...2, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(Array("[]{}\",:\\0-.eE+tu ".utf8).randomElement(using: &generator)!, at: place)
                case 2: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
                default: bytes.removeLast(bytes.count - place)
                }
            }
            let tree = try? JSONParser.parse(bytes)
            if let tree { #expect(try JSONParser.parse(JSONWriter.write(tree)) == tree) }
            // Foundation looks at strings and numbers only when they are read, so it accepts more.
            if tree != nil {
                #expect(throws: Never.self) { try JSONDecoder().decode(Anything.self, from: Data(bytes)) }
            }
        }
    }
}
