/// What a SentencePiece `.model` file says.
///
/// Source: sentencepiece_model.proto of SentencePiece (the numbers of the fields).
struct SentencePieceFile {
    enum Algorithm: UInt64 {
        case unigram = 1
        case bpe, word, character
    }

    var pieces: [SentencePieceVocabulary.Piece] = []
    var algorithm = Algorithm.unigram
    var hasByteFallback = false
    var unknownSurface = " \u{2047} "
    var marksWordEnds = false
    var characterMap: [UInt8] = []
    var addsDummyPrefix = true
    var removesExtraSpaces = true
    var escapesSpaces = true

    /// These pieces, all else as it usually is.
    init(pieces: [SentencePieceVocabulary.Piece]) { self.pieces = pieces }

    /// - Throws: `TokenizerError.unusableModel` if `bytes` are no such file.
    init(_ bytes: [UInt8]) throws(TokenizerError) {
        var reader = ProtobufReader(bytes[...])
        while let (field, value) = try reader.next() {
            guard case .bytes(let message) = value else { continue }
            switch field {
            case 1: pieces.append(try Self.piece(message))
            case 2: try readTraining(message)
            case 3: try readNormalization(message)
            default: break
            }
        }
        guard !pieces.isEmpty else { throw .unusableModel(expected: "pieces", found: "none") }
    }

    private static func piece(_ message: ArraySlice<UInt8>) throws(TokenizerError) -> SentencePieceVocabulary.Piece {
        var piece = SentencePieceVocabulary.Piece(text: "", score: 0, kind: .normal)
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let text)): piece.text = String(decoding: text, as: UTF8.self)
            case (2, .fixed(let bits)):
                piece.score = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
                guard piece.score.isFinite else {
                    throw .unusableModel(expected: "finite scores", found: "\(piece.score)")
                }
            case (3, .integer(let number)):
                guard let kind = SentencePieceVocabulary.Kind(rawValue: Int(truncatingIfNeeded: number)) else {
                    throw .unusableModel(expected: "a kind of piece from 1 to 6", found: "\(number)")
                }
                piece.kind = kind
            default: break
            }
        }
        return piece
    }

    private mutating func readTraining(_ message: ArraySlice<UInt8>) throws(TokenizerError) {
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (3, .integer(let number)):
                guard let algorithm = Algorithm(rawValue: number), algorithm == .unigram || algorithm == .bpe else {
                    throw .unusableModel(expected: "the model type 1 (unigram) or 2 (BPE)", found: "\(number)")
                }
                self.algorithm = algorithm
            case (24, .integer(let flag)): marksWordEnds = flag != 0
            case (35, .integer(let flag)): hasByteFallback = flag != 0
            case (44, .bytes(let text)): unknownSurface = String(decoding: text, as: UTF8.self)
            default: break
            }
        }
    }

    private mutating func readNormalization(_ message: ArraySlice<UInt8>) throws(TokenizerError) {
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (2, .bytes(let map)): characterMap = Array(map)
            case (3, .integer(let flag)): addsDummyPrefix = flag != 0
            case (4, .integer(let flag)): removesExtraSpaces = flag != 0
            case (5, .integer(let flag)): escapesSpaces = flag != 0
            default: break
            }
        }
    }
}
