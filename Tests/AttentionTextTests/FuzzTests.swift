import AttentionFiles
import AttentionText
import Testing

/// Damaged files are refused or read, and whatever is read can be used.
@Suite struct FuzzTests {
    @Test(arguments: ReferenceTests.names) func truncatedFiles(_ name: String) throws {
        let bytes = try FileContents.read(Fixtures.path("\(name).tokenizer.json"))
        for length in stride(from: 0, to: bytes.count - 2, by: max(1, bytes.count / 150)) {
            #expect(throws: TokenizerError.self) { try Tokenizer(json: Array(bytes[..<length])) }
        }
    }

    @Test(arguments: ReferenceTests.names) func mutatedFiles(_ name: String) throws {
        let bytes = try FileContents.read(Fixtures.path("\(name).tokenizer.json"))
        var generator = SplitMix(state: 20_240_229)
        let interesting = Array("{}[]\",:\\0123456789-.eE truefalsn▁<>\u{0}\u{FF}".utf8) + [0xFF, 0xC3]
        for _ in 0..<400 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                // Half of the damage goes to the stages at the front.
                let limit = Bool.random(using: &generator) ? min(2500, mutated.count) : mutated.count
                let position = Int.random(in: 0..<limit, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutated[position] = interesting.randomElement(using: &generator) ?? 0
                case 1: mutated.remove(at: position)
                default: mutated.insert(interesting.randomElement(using: &generator) ?? 0, at: position)
                }
            }
            guard let tokenizer = try? Tokenizer(json: mutated) else { continue }
            let encoding = tokenizer.encode("Héllo ﬁ world</s> 日本 1234 don't  ▁ <0x41>")
            #expect(encoding.ids.count == encoding.words.count)
            _ = tokenizer.decode(encoding.ids)
            _ = tokenizer.decodeWords(encoding.ids)
            #expect(throws: Never.self) { try Tokenizer(json: tokenizer.json()) }
        }
    }
}

/// A small generator with a seed, so that a failure comes back (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
