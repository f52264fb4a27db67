package import AttentionFiles

extension BPE {
    /// Reads `["left", "right"]` or, in old files, `"left right"`, the earliest merge first.
    static func readMerges(
        _ fields: StageFields, vocabulary: Vocabulary, prefixLength: Int
    ) throws(TokenizerError) -> [UInt64: Merge] {
        let values = try fields.array("merges")
        var merges = [UInt64: Merge](minimumCapacity: values.count)
        for (rank, value) in values.enumerated() {
            guard let (left, right) = halves(of: value) else {
                throw .invalidField(
                    stage: fields.stage, field: "merges", expected: "pairs of pieces",
                    found: "\(value.summary) at position \(rank)")
            }
            let leftID = try id(left, vocabulary, fields)
            let rightID = try id(right, vocabulary, fields)
            let mergedID = try id(left + right.dropFirst(prefixLength), vocabulary, fields)
            merges[pair(leftID, rightID)] = Merge(rank: Int32(rank), id: mergedID)
        }
        return merges
    }

    private static func halves(of value: JSONValue) -> (left: ArraySlice<UInt8>, right: ArraySlice<UInt8>)? {
        switch value {
        case .array(let pair):
            guard pair.count == 2, case .string(let left) = pair[0], case .string(let right) = pair[1] else {
                return nil
            }
            return (ArraySlice(left.utf8), ArraySlice(right.utf8))
        case .string(let text):
            let parts = Array(text.utf8).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        default: return nil
        }
    }

    private static func id(
        _ piece: ArraySlice<UInt8>, _ vocabulary: Vocabulary, _ fields: StageFields
    ) throws(TokenizerError) -> Int32 {
        guard let id = vocabulary.id(of: piece) else {
            throw .missingPiece(stage: fields.stage, field: "merges", piece: String(decoding: piece, as: UTF8.self))
        }
        return Int32(truncatingIfNeeded: id)
    }

    package var members: [JSONMember] {
        [
            JSONMember("dropout", .null),
            JSONMember("unk_token", unknownPiece.map(JSONValue.string) ?? .null),
            JSONMember("continuing_subword_prefix", continuingPrefix.isEmpty ? .null : .string(continuingPrefix)),
            JSONMember("end_of_word_suffix", endSuffix.isEmpty ? .null : .string(endSuffix)),
            JSONMember("fuse_unk", .bool(fusesUnknown)),
            JSONMember("byte_fallback", .bool(byteFallback)),
            JSONMember("ignore_merges", .bool(prefersWholeSegments)),
            JSONMember("vocab", vocabulary.json),
            JSONMember("merges", .array(mergesInOrder)),
        ]
    }

    private var mergesInOrder: [JSONValue] {
        merges.sorted { $0.value.rank < $1.value.rank }.map { pair, _ in
            let ids = [Int(pair >> 32), Int(pair & 0xFFFF_FFFF)]
            return .array(ids.map { .string(vocabulary.piece(of: $0) ?? "") })
        }
    }
}
