import AttentionFiles

/// Byte-pair encoding: a segment begins as its characters, and the neighbours that were merged earliest in training are
/// merged first, until no merge applies.
///
/// Source: Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words with Subword Units (2016), section 3.2;
/// byte fallback as in SentencePiece.
package struct BPE: SubwordModel {
    package static let name = "BPE"

    package let vocabulary: Vocabulary
    let merges: MergeTable
    let unknownPiece: String?
    let unknownID: Int?
    let fusesUnknown: Bool
    let byteFallback: Bool
    let prefersWholeSegments: Bool
    let continuingPrefix: String
    let endSuffix: String
    let byteIDs: [Int?]

    /// A model as training makes it: one that lacks nothing, or one with bytes for what its vocabulary lacks, and a piece for what is no byte.
    init(vocabulary: Vocabulary, merges: MergeTable, fallingBackTo unknownPiece: String? = nil) {
        self.vocabulary = vocabulary
        self.merges = merges
        self.unknownPiece = unknownPiece
        unknownID = unknownPiece.flatMap(vocabulary.id)
        fusesUnknown = unknownPiece != nil
        byteFallback = unknownPiece != nil
        prefersWholeSegments = false
        continuingPrefix = ""
        endSuffix = ""
        byteIDs = vocabulary.byteIDs()
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        if let dropout = fields.value("dropout") {
            guard case .number(let rate) = dropout, rate.double == 0 else {
                throw fields.error("dropout", expected: "null (encoding here is not random)")
            }
        }
        vocabulary = try fields.pieceIDs("vocab")
        continuingPrefix = try fields.string("continuing_subword_prefix", default: "")
        endSuffix = try fields.string("end_of_word_suffix", default: "")
        merges = try Self.readMerges(fields, vocabulary: vocabulary, prefixLength: continuingPrefix.utf8.count)
        unknownPiece = try fields.optionalString("unk_token")
        unknownID = unknownPiece.flatMap(vocabulary.id)
        if let unknownPiece, unknownID == nil {
            throw .missingPiece(stage: fields.stage, field: "unk_token", piece: unknownPiece)
        }
        fusesUnknown = try fields.bool("fuse_unk", default: false)
        byteFallback = try fields.bool("byte_fallback", default: false)
        prefersWholeSegments = try fields.bool("ignore_merges", default: false)
        byteIDs = vocabulary.byteIDs()
    }

    package func subwords(of segment: [UInt8]) -> [Subword] {
        if prefersWholeSegments, let id = vocabulary.id(of: segment[...]) {
            return [Subword(id: id, start: 0, end: segment.count)]
        }
        return merged(characters(of: segment))
    }

    package func subwords(of segment: [UInt8], skipping: () -> Bool) -> [Subword] {
        merged(characters(of: segment), skipping: skipping)
    }

    // MARK: Characters

    /// The segment character by character, with bytes or the unknown piece for what the vocabulary lacks.
    ///
    /// Each takes up as many bytes as it stands for, from where the one before it ended: so a character that has no piece
    /// at all shifts those after it, as in the reference.
    private func characters(of segment: [UInt8]) -> [Subword] {
        var result: [Subword] = []
        result.reserveCapacity(segment.count)
        var unknownLength = 0
        var position = 0
        func append(_ id: Int, length: Int) {
            result.append(Subword(id: id, start: position, end: position + length))
            position += length
        }
        func appendUnknown() {
            if unknownLength > 0, let unknownID { append(unknownID, length: unknownLength) }
            unknownLength = 0
        }
        var start = 0
        while start < segment.count {
            var end = start + 1
            while end < segment.count, UTF8.isContinuation(segment[end]) { end += 1 }
            let piece = affixed(segment[start..<end], isFirst: start == 0, isLast: end == segment.count)
            if let id = vocabulary.id(of: piece) {
                appendUnknown()
                append(id, length: end - start)
            } else if let bytes = fallback(piece) {
                for byte in bytes { append(byte, length: 1) }
            } else if unknownID != nil {
                if !fusesUnknown { appendUnknown() }
                unknownLength += end - start
            }
            start = end
        }
        appendUnknown()
        return result
    }

    private func affixed(_ character: ArraySlice<UInt8>, isFirst: Bool, isLast: Bool) -> ArraySlice<UInt8> {
        var piece = character
        if !isFirst, !continuingPrefix.isEmpty { piece = continuingPrefix.utf8 + piece }
        if isLast, !endSuffix.isEmpty { piece += endSuffix.utf8 }
        return piece
    }

    /// The ids of the bytes of `piece`, if every one has its piece.
    private func fallback(_ piece: ArraySlice<UInt8>) -> [Int]? {
        guard byteFallback else { return nil }
        let ids = piece.compactMap { byteIDs[Int($0)] }
        return ids.count == piece.count ? ids : nil
    }
}
