package import AttentionFiles

/// The normalization of a SentencePiece file: the character map, applied to the longest text it knows at each place, and
/// the spaces: put in before the text, run together, written as ▁.
///
/// A scalar stands for the text up to where the next one begins, so that pieces leave no gap between them.
package struct SentencePieceNormalizer: Normalizer {
    package static let name = "SentencePieceNormalizer"

    private let map: CharacterMap?
    private let userDefined: [[UInt8]]
    private let matcher: PrefixMatcher
    private let addsDummyPrefix: Bool
    private let removesExtraSpaces: Bool
    private let escapesSpaces: Bool
    private let marksWordEnds: Bool

    init(_ file: SentencePieceFile, userDefined: [[UInt8]]) throws(TokenizerError) {
        map = file.characterMap.isEmpty ? nil : CharacterMap(file.characterMap)
        guard map != nil || file.characterMap.isEmpty else {
            throw .unusableModel(expected: "a character map", found: "\(file.characterMap.count) other bytes")
        }
        self.userDefined = userDefined
        matcher = PrefixMatcher(userDefined)
        addsDummyPrefix = file.addsDummyPrefix
        removesExtraSpaces = file.removesExtraSpaces
        escapesSpaces = file.escapesSpaces
        marksWordEnds = file.marksWordEnds
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        let text = try fields.string("precompiled_charsmap", default: "")
        let bytes = Base64.decode(text)
        map = bytes.flatMap(CharacterMap.init)
        guard map != nil || text.isEmpty else {
            throw fields.error("precompiled_charsmap", expected: "a character map of SentencePiece in base 64")
        }
        var userDefined: [[UInt8]] = []
        for case .string(let text) in try fields.array("user_defined_symbols") { userDefined.append(Array(text.utf8)) }
        self.userDefined = userDefined
        matcher = PrefixMatcher(userDefined)
        addsDummyPrefix = try fields.bool("add_dummy_prefix")
        removesExtraSpaces = try fields.bool("remove_extra_whitespaces")
        escapesSpaces = try fields.bool("escape_whitespaces")
        marksWordEnds = try fields.bool("treat_whitespace_as_suffix")
    }

    package var members: [JSONMember] {
        [
            JSONMember("precompiled_charsmap", .string(map.map { Base64.encode($0.bytes) } ?? "")),
            JSONMember("user_defined_symbols", .array(userDefined.map { .string($0.string) })),
            JSONMember("add_dummy_prefix", .bool(addsDummyPrefix)),
            JSONMember("remove_extra_whitespaces", .bool(removesExtraSpaces)),
            JSONMember("escape_whitespaces", .bool(escapesSpaces)),
            JSONMember("treat_whitespace_as_suffix", .bool(marksWordEnds)),
        ]
    }

    package func normalize(_ text: AlignedText) -> AlignedText {
        guard !text.isEmpty else { return text }
        let space: Unicode.Scalar = escapesSpaces ? "▁" : " "
        let bytes = text[...].utf8
        var (byte, index) = (0, 0)
        func advance(_ length: Int) {
            let end = byte + length
            while byte < end {
                byte += UTF8.width(text[index].scalar)
                index += 1
            }
        }
        var result: [(scalar: Unicode.Scalar, start: Int)] = []
        if removesExtraSpaces {
            while byte < bytes.count, case (let content, let length) = prefix(of: bytes, at: byte), content == [" "] {
                advance(length)
            }
        }
        if byte == bytes.count { return [] }
        if addsDummyPrefix, !marksWordEnds { result.append((space, index)) }
        var followsSpace = removesExtraSpaces
        while byte < bytes.count {
            let (content, length) = prefix(of: bytes, at: byte)
            var scalars = content[...]
            if followsSpace { scalars = scalars.drop { $0 == " " } }
            if !scalars.isEmpty {
                result += scalars.map { ($0 == " " ? space : $0, index) }
                followsSpace = removesExtraSpaces && scalars.last == " "
            }
            advance(length)
        }
        if removesExtraSpaces {
            while let last = result.last, last.scalar == space {
                index = last.start
                result.removeLast()
            }
        }
        if marksWordEnds, addsDummyPrefix { result.append((space, index)) }
        let origin = Int(text[0].start)
        return result.indices.map { position in
            let end = position + 1 < result.count ? result[position + 1].start : index
            return AlignedScalar(
                scalar: result[position].scalar, start: Int32(origin + result[position].start), end: Int32(origin + end)
            )
        }
    }

    /// What stands at `start`, normalised, and how many bytes it is long.
    private func prefix(of bytes: [UInt8], at start: Int) -> (content: [Unicode.Scalar], length: Int) {
        let length = matcher.length(in: bytes, at: start)
        if length > 0 {
            return (Array(String(decoding: bytes[start..<start + length], as: UTF8.self).unicodeScalars), length)
        }
        if let found = map?.prefix(of: bytes[start...], longest: true) {
            return (Array(String(decoding: found.replacement, as: UTF8.self).unicodeScalars), found.length)
        }
        var end = start + 1
        while end < bytes.count, UTF8.isContinuation(bytes[end]) { end += 1 }
        return (Array(String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars), end - start)
    }
}
