package import AttentionFiles

/// A stage that turns pieces back into text; pieces and results are UTF-8, to be joined in order.
package protocol PieceDecoder: Stage {
    func decode(_ pieces: [[UInt8]]) -> [[UInt8]]
    /// What a piece stands for, if it stands for bytes, which need not be whole characters; nil if it stands for text.
    func bytes(of piece: [UInt8]) -> [UInt8]?
}

extension PieceDecoder {
    package func bytes(of piece: [UInt8]) -> [UInt8]? { nil }
}

/// The decoders by name.
package enum PieceDecoders {
    static let known: [any PieceDecoder.Type] = [
        ByteFallbackDecoder.self, MetaspaceDecoder.self, FuseDecoder.self, ReplaceDecoder.self, StripDecoder.self,
        ByteLevelDecoder.self, WordPieceDecoder.self, BPEDecoder.self, CTCDecoder.self, SentencePieceDecoder.self,
        PieceDecoderSequence.self,
    ]

    package static func read(_ value: JSONValue) throws(TokenizerError) -> any PieceDecoder {
        let (type, fields) = try chooseStage(value, kind: "decoder", among: known) { $0.name }
        return try type.init(fields)
    }
}

extension [UInt8] {
    /// This text with `content` wherever `pattern`, which is not empty, stands.
    func replacing(_ pattern: [UInt8], with content: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = startIndex
        while index < endIndex {
            if self[index] == pattern[0], self[index...].starts(with: pattern) {
                result += content
                index += pattern.count
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }

    var string: String { String(decoding: self, as: UTF8.self) }
}
