import AttentionFiles

/// The pieces of a SentencePiece model, with what each is for.
struct SentencePieceVocabulary: Sendable {
    /// What a piece is for, by its number in the file.
    enum Kind: Int, Sendable {
        case normal = 1
        case unknown, control, userDefined, unused, byte
    }

    struct Piece: Sendable {
        var text: String
        var score: Float
        var kind: Kind
    }

    let pieces: [Piece]
    let vocabulary: Vocabulary
    let unknownID: Int
    /// The id of each byte, if all have one and the model falls back on them.
    let byteIDs: [Int]?

    init(_ pieces: [Piece], hasByteFallback: Bool) throws(TokenizerError) {
        self.pieces = pieces
        vocabulary = Vocabulary(pieces.map(\.text))
        guard let unknownID = pieces.firstIndex(where: { $0.kind == .unknown }) else {
            throw .unusableModel(expected: "a piece for what is unknown", found: "none")
        }
        self.unknownID = unknownID
        let ids = vocabulary.byteIDs().compactMap { $0 }
        byteIDs = hasByteFallback && ids.count == 256 ? ids : nil
    }

    init(_ fields: StageFields) throws(TokenizerError) {
        var pieces: [Piece] = []
        for value in try fields.array("vocab") {
            guard case .array(let parts) = value, parts.count == 3, case .string(let text) = parts[0],
                let score = StageFields.number(parts[1]), let kind = StageFields.count(parts[2]).flatMap(Kind.init)
            else {
                throw .invalidField(
                    stage: fields.stage, field: "vocab", expected: "a piece, its score and its kind",
                    found: value.summary)
            }
            pieces.append(Piece(text: text, score: Float(score), kind: kind))
        }
        try self.init(pieces, hasByteFallback: try fields.bool("byte_fallback"))
    }

    var members: [JSONMember] {
        let values: [JSONValue] = pieces.map {
            .array([.string($0.text), .number(JSONNumber($0.score)), .number(JSONNumber($0.kind.rawValue))])
        }
        return [JSONMember("byte_fallback", .bool(byteIDs != nil)), JSONMember("vocab", .array(values))]
    }

    /// Whether text may be cut into this piece.
    func isTextual(_ id: Int) -> Bool {
        switch pieces[id].kind {
        case .normal, .userDefined, .unused: true
        case .unknown, .control, .byte: false
        }
    }

    var controlIDs: Set<Int> {
        Set(pieces.indices.filter { pieces[$0].kind == .control })
    }

    /// The pieces that are never cut, nor normalised, wherever they stand.
    var userDefined: [[UInt8]] {
        pieces.filter { $0.kind == .userDefined }.map { Array($0.text.utf8) }
    }

    /// Unknown stretches of `segment` as bytes, or each run of them as one unknown piece.
    func resolved(_ spans: [(id: Int, range: Range<Int>)], of segment: [UInt8]) -> [Subword] {
        var result: [Subword] = []
        var unknownStart: Int?
        for (id, range) in spans {
            guard id == unknownID else {
                unknownStart = nil
                result.append(Subword(id: id, start: range.lowerBound, end: range.upperBound))
                continue
            }
            if let byteIDs {
                // The last byte stands for the whole, those before it for nothing.
                for position in range {
                    let end = position == range.upperBound - 1 ? range.upperBound : range.lowerBound
                    result.append(Subword(id: byteIDs[Int(segment[position])], start: range.lowerBound, end: end))
                }
                continue
            }
            if unknownStart != nil { result.removeLast() }
            let start = unknownStart ?? range.lowerBound
            unknownStart = start
            result.append(Subword(id: unknownID, start: start, end: range.upperBound, isUnspelt: true))
        }
        return result
    }
}
