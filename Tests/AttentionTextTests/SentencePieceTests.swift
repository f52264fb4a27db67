import AttentionText
import Testing

/// SentencePiece models, made here byte by byte after sentencepiece_model.proto: what each field does, and what is refused.
@Suite struct SentencePieceTests {
    private static func varint(_ value: UInt64) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
    }
    private static func message(_ field: UInt64, _ bytes: [UInt8]) -> [UInt8] {
        varint(field << 3 | 2) + varint(UInt64(bytes.count)) + bytes
    }
    private static func flag(_ field: UInt64, _ value: UInt64) -> [UInt8] { varint(field << 3) + varint(value) }

    private static func piece(_ text: String, _ score: Float = 0, kind: UInt64 = 1) -> [UInt8] {
        let bits = (0..<4).map { UInt8(truncatingIfNeeded: score.bitPattern >> (8 * $0)) }
        return message(1, message(1, Array(text.utf8)) + varint(2 << 3 | 5) + bits + flag(3, kind))
    }

    private static let special = piece("<unk>", kind: 2) + piece("<s>", kind: 3) + piece("</s>", kind: 3)

    private func ids(_ text: String, _ file: [UInt8]) throws -> [Int] {
        try Tokenizer(sentencePiece: file).encode(text).ids
    }

    /// The ids are those that sentencepiece 0.2.3 gives for the same bytes.
    @Test func theBestCutWins() throws {
        func file(ab score: Float) -> [UInt8] {
            let scores: [Float] = [-2, -2, -2, -3, score, -9]
            return Self.special + zip(["▁", "a", "b", "▁a", "ab", "▁ab"], scores).flatMap { Self.piece($0, $1) }
        }
        // ▁ + ab and ▁a + b are both −5.
        #expect(try ids("ab", file(ab: -3)) == [3, 7])
        #expect(try ids("abab", file(ab: -3)) == [3, 7, 7])
        #expect(try ids("ab", file(ab: -3.5)) == [6, 5])
        #expect(try ids("abab", file(ab: -3.5)) == [6, 5, 7])
        #expect(try ids("", file(ab: -3)).isEmpty)
        // What no piece spells is unknown, neighbours together.
        #expect(try ids("azzb", file(ab: -3)) == [6, 0, 5])
    }

    @Test func spacesAndPrefix() throws {
        let file = Self.special + Self.piece("▁", -1) + Self.piece("a", -1)
        #expect(try ids("  a  a ", file) == [3, 4, 3, 4])
        #expect(try ids("  a  a ", file + Self.message(3, Self.flag(4, 0))) == [3, 3, 3, 4, 3, 3, 4, 3])
        #expect(try ids("a", file + Self.message(3, Self.flag(3, 0))) == [4])
        #expect(try ids("a a", file + Self.message(3, Self.flag(5, 0))) == [0, 4, 0, 4])
        #expect(try ids("a a", file + Self.message(2, Self.flag(24, 1))) == [4, 3, 4, 3])
    }

    @Test func usersPiecesAndBytes() throws {
        let pieces = Self.special + Self.piece("▁", -1) + Self.piece("a", -1) + Self.piece("aa", -0.1)
        #expect(try ids("xay", pieces + Self.piece("xay", kind: 4)) == [3, 6])
        // An unused piece never comes out, though a cut of it may.
        #expect(
            try ids("aaa", Self.special + Self.piece("▁", -1) + Self.piece("a", -1) + Self.piece("aa", 0, kind: 5)) == [
                3, 4, 4, 4,
            ])
        let bytes = (0..<256).flatMap { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return Self.piece("<0x\(byte < 16 ? "0" : "")\(digits)>", kind: 6)
        }
        let fallback = pieces + bytes + Self.message(2, Self.flag(35, 1))
        #expect(try ids("aé", fallback) == [3, 4, 6 + 0xC3, 6 + 0xA9])
        #expect(try Tokenizer(sentencePiece: fallback).decode([3, 4, 6 + 0xC3, 6 + 0xA9]) == "aé")
    }

    @Test func bytePairsMergeTheBestScoreFirst() throws {
        let merges = [("ab", Float(-1)), ("bc", -2), ("▁a", -3), ("abc", -4)]
        let file =
            Self.special + ["▁", "a", "b", "c"].flatMap { Self.piece($0, -10) }
            + merges.flatMap { Self.piece($0.0, $0.1) }
            + Self.message(2, Self.flag(3, 2))
        #expect(try ids("abc", file) == [3, 10])
        #expect(try ids("bca", file) == [3, 8, 4])
        #expect(try ids("ca", file) == [3, 6, 4])
    }

    @Test func refusals() {
        func sentence(_ file: [UInt8]) -> String {
            do {
                _ = try Tokenizer(sentencePiece: file)
                return "no error"
            } catch { return error.description }
        }
        let end = " in the SentencePiece model, found "
        #expect(sentence([]).contains("expected pieces" + end + "none"))
        #expect(sentence(Self.piece("a")).contains("expected a piece for what is unknown" + end + "none"))
        #expect(sentence([0x0A, 0x7F]).contains("found a field of 127 bytes where 0 are left"))
        #expect(sentence([0x08, 0x80]).contains("found a number without an end"))
        #expect(sentence([0x0B]).contains("found a field of wire type 3"))
        #expect(sentence([0x0D, 1]).contains("found 1 bytes of a number of 4"))
        #expect(sentence(Self.piece("a", .nan)).contains("expected finite scores" + end + "nan"))
        #expect(sentence(Self.piece("a", kind: 9)).contains("a kind of piece from 1 to 6" + end + "9"))
        #expect(
            sentence(Self.special + Self.message(2, Self.flag(3, 4))).contains("the model type 1 (unigram) or 2 (BPE)"))
        #expect(
            sentence(Self.special + Self.message(3, Self.message(2, [1, 2, 3]))).contains("expected a character map"))
    }
}
