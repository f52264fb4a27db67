import AttentionDecoding
import AttentionFiles
import AttentionModels
import AttentionTensors
import Foundation
import Testing

/// Models in Marian's container compute what an independent reading of the formulas does; `scripts/make-marian-fixtures.py` made both.
@Suite struct FirefoxModelTests {
    static let root = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures/Marian/"

    struct Case: Decodable {
        let text: String
        let source: [Int]
        let target: [Int]
        let logits: [[Float]]
        let looked: [[[Float]]]
        let greedy: [Int]
        let logProbability: Double
        let candidates: [Int]
        let shortGreedy: [Int]
        let shortLogProbability: Double
    }

    static func cases(_ name: String) throws -> [Case] {
        struct File: Decodable { let cases: [Case] }
        return try JSONDecoder().decode(File.self, from: Data(FileContents.read(root + name + "/case.json"))).cases
    }

    static func model(_ name: String) throws -> any SequenceToSequence {
        try FirefoxModel.load(MarianFile(path: root + name + "/model.xxyy.intgemm.alphas.bin"))
    }

    @Test(arguments: ["ssru", "attention"]) func logitsAndWeightsAreTheReferences(_ name: String) throws {
        try check(try Self.model(name), try Self.cases(name))
    }

    private func check(_ model: some SequenceToSequence, _ cases: [Case]) throws {
        // All at once: sources of different lengths do not see each other.
        let batch = SequencePairBatch(
            cases.map { ($0.source, $0.target + [0]) }, special: SpecialTokens(padding: 0, start: 0, end: 0))
        let hidden = try model.hiddenStates(batch, training: nil)
        let logits = try linear(hidden, weight: model.outputWeight, bias: model.outputBias)
            .reshaped(to: [cases.count, 5, -1])
        let looked = try #require(try model.alignments(batch))  // [B, L, H, T, K]
        for (row, expected) in cases.enumerated() {
            for (place, line) in expected.logits.enumerated() {
                for (word, value) in line.enumerated() {
                    #expect(abs(logits[row, place, word] - value) <= 2e-5 * (1 + abs(value)))
                }
            }
            let last = looked.shape[1] - 1
            for (head, lines) in expected.looked.enumerated() {
                for (place, line) in lines.enumerated() {
                    for (key, value) in line.enumerated() {
                        #expect(abs(looked[row, last, head, place, key] - value) <= 1e-5)
                    }
                }
            }
        }
    }

    @Test(arguments: ["ssru", "attention"]) func greedyIsTheReferences(_ name: String) throws {
        let cases = try Self.cases(name)
        try checkGreedy(try Self.model(name), cases)
        for one in cases { try checkGreedy(try Self.model(name), [one]) }
    }

    private func checkGreedy(_ model: some SequenceToSequence, _ cases: [Case]) throws {
        let source = PaddedBatch(cases.map(\.source), padding: 0)
        let limits = source.lengths.map { Int(2.5 * Double($0)) }
        let found = try BeamSearch.greedy(tokens: TokenRules(endTokens: [0], bannedTokens: [1])).search(
            model, from: try model.start(source), prompts: cases.map { _ in [0] }, stepLimits: limits)
        for (expected, hypotheses) in zip(cases, found) {
            #expect(hypotheses[0].tokens == expected.greedy)
            #expect(abs(hypotheses[0].logProbability - expected.logProbability) < 1e-4)
        }
        let lists = try LexicalShortlist(path: Self.root + "ssru/lex.xxyy.s2t.bin")
        guard cases.allSatisfy({ lists.candidates(for: $0.source) == $0.candidates }) else { return }
        let few = try ShortlistedDecoder(model, candidates: cases.map(\.candidates))
        let end = try #require(few.token(of: 0))
        let unknown = try #require(few.token(of: 1))
        let short = try BeamSearch.greedy(tokens: TokenRules(endTokens: [end], bannedTokens: [unknown])).search(
            few, from: try few.start(source), prompts: cases.map { _ in [end] }, stepLimits: limits)
        for (expected, hypotheses) in zip(cases, short) {
            #expect(few.words(hypotheses[0].tokens) == expected.shortGreedy)
            #expect(abs(hypotheses[0].logProbability - expected.shortLogProbability) < 1e-4)
        }
    }

    @Test(arguments: ["ssru", "attention"]) func shortlistsAreTheReferences(_ name: String) throws {
        let lists = try LexicalShortlist(path: Self.root + name + "/lex.xxyy.s2t.bin")
        for one in try Self.cases(name) { #expect(lists.candidates(for: one.source) == one.candidates) }
    }

    @Test func numbersStayAsTheyAreStored() throws {
        let model = try Self.model("ssru")
        let formats = Set(model.parameters().filter { $0.parameter.shape.rank == 2 }.map(\.parameter.format))
        #expect(formats == [.int8])
        #expect(model.parameters().allSatisfy { $0.parameter.owner == .file || $0.parameter.shape.rank == 1 })
        // The table of words is there once.
        #expect(model.parameters().filter { $0.name.contains("words") }.count == 1)
    }

    @Test func cutAnyWhereItGoesOnTheSame() throws {
        for name in ["ssru", "attention"] { try checkChunks(try Self.model(name), try Self.cases(name)[0]) }
    }

    private func checkChunks(_ model: some SequenceToSequence, _ one: Case) throws {
        let tokens = [0] + one.target
        let source = PaddedBatch([one.source], padding: 0)
        var whole = try model.start(source)
        let all = try #require(try model.step([tokens], &whole, wanting: .allLogits).allLogits)
        for cut in 1..<tokens.count {
            var state = try model.start(source)
            _ = try model.step([Array(tokens[..<cut])], &state, wanting: [])
            let rest = try #require(try model.step([Array(tokens[cut...])], &state, wanting: .allLogits).allLogits)
            for place in cut..<tokens.count {
                for word in 0..<all.shape[2] {
                    #expect(abs(rest[0, place - cut, word] - all[0, place, word]) < 1e-5)
                }
            }
        }
    }

    @Test func otherKindsAreRefused() throws {
        let path = Self.root + "ssru/model.xxyy.intgemm.alphas.bin"
        func complaint(_ from: String, _ to: String) throws -> String {
            let bytes = try FileContents.read(path)
            let text = Array(from.utf8)
            let place = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
            var changed = bytes
            changed.replaceSubrange(place..<place + text.count, with: Array(to.utf8))
            do {
                _ = try FirefoxModel.load(MarianFile(changed, source: "FILE"))
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            try complaint("type: transformer\n", "type: transfermor\n")
                == "configuration: expected type to be transformer, found transfermor")
        #expect(
            try complaint("dec-cell: ssru", "dec-cell: lstm")
                == "configuration: expected dec-cell to be ssru, found lstm")
        #expect(
            try complaint("enc-depth: 2", "enc-depth: 1").contains("16 unexpected (encoder_l2_"))
        #expect(
            try complaint("transformer-dim-ffn: 24", "transformer-dim-ffn: 25").contains(
                "encoder_l1_ffn_W1: expected [16, 25], found [16, 24]"))
        #expect(
            try complaint("transformer-ffn-depth: 2", "transformer-ffn-depth: 3").contains(
                "expected transformer-ffn-depth to be 2, found 3"))
    }
}

@Suite struct LexicalShortlistTests {
    private static let path = FirefoxModelTests.root + "ssru/lex.xxyy.s2t.bin"

    @Test func damageIsNamed() throws {
        let whole = try FileContents.read(Self.path)
        func complaint(_ change: (inout [UInt8]) -> Void) -> String {
            var bytes = whole
            change(&bytes)
            do {
                _ = try LexicalShortlist(bytes, source: "FILE")
                return ""
            } catch { return "\(error)" }
        }
        #expect(complaint { _ in } == "")
        #expect(
            complaint { $0[0] = 0 }.hasPrefix("shortlist: expected the magic number of a shortlist in FILE, found 0x"))
        #expect(complaint { $0.removeLast() }.contains("offsets and"))
        #expect(complaint { $0 = [] }.hasPrefix("shortlist: expected 48 bytes in FILE, found 0;"))
        #expect(complaint { $0[48] = 255 }.contains("expected offset"))
        #expect(complaint { $0[$0.count - 1] = 1 }.contains("expected target ids below"))
        for count in 0..<whole.count {
            #expect(throws: LexicalShortlistError.self) { try LexicalShortlist(Array(whole[..<count]), source: "FILE") }
        }
    }

    @Test func unknownIdsBringAboutNothing() throws {
        let lists = try LexicalShortlist(path: Self.path)
        #expect(lists.candidates(for: [-1, 1 << 40]) == lists.candidates(for: []))
        #expect(lists.candidates(for: []).count % 8 == 0)
    }
}
