package import AttentionFiles

/// Takes up to `start` occurrences of a character off the beginning of every piece, and up to `stop` off its end.
package struct StripDecoder: PieceDecoder {
    package static let name = "Strip"

    private let content: Unicode.Scalar
    private let start: Int
    private let stop: Int

    package init(_ fields: StageFields) throws(TokenizerError) {
        content = try fields.scalar("content")
        start = try fields.count("start")
        stop = try fields.count("stop")
    }

    package var members: [JSONMember] {
        [
            JSONMember("content", .string(String(content))), JSONMember("start", .number(JSONNumber(start))),
            JSONMember("stop", .number(JSONNumber(stop))),
        ]
    }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        let character = Array(content.utf8)
        return pieces.map { piece in
            var kept = piece[...]
            var remaining = start
            while remaining > 0, kept.starts(with: character) {
                kept = kept.dropFirst(character.count)
                remaining -= 1
            }
            remaining = stop
            while remaining > 0, kept.suffix(character.count).elementsEqual(character) {
                kept = kept.dropLast(character.count)
                remaining -= 1
            }
            return Array(kept)
        }
    }
}
