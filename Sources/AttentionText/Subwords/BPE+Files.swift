package import AttentionFiles

extension BPE {
    /// Reads `["left", "right"]` or, in old files, `"left right"`, the earliest merge first.
    static func readMerges(
        _ fields: StageFields, vocabulary: Vocabulary, prefixLength: Int
    ) throws(TokenizerError) -> MergeTable {
        func misfit(_ value: JSONValue, _ rank: Int) -> TokenizerError {
            .invalidField(
                stage: fields.stage, field: "merges", expected: "pairs of pieces",
                found: "\(value.summary) at position \(rank)")
        }
        func missing(_ piece: ArraySlice<UInt8>) -> TokenizerError {
            .missingPiece(stage: fields.stage, field: "merges", piece: String(decoding: piece, as: UTF8.self))
        }
        var table = try fields.table("merges", [.pairs, .strings]) { _, value, rank in misfit(value, rank) }
        if table.form != .pairs { table = try pairs(in: table, misfit) }
        let parts = vocabulary.ids(of: table)
        if let index = parts.firstIndex(of: -1) { throw missing(table.string(index)) }
        let merged = vocabulary.idsOfPairs(in: table, withoutPrefix: prefixLength)
        if let rank = merged.firstIndex(of: -1) {
            throw missing(table.string(2 * rank) + table.string(2 * rank + 1).dropFirst(prefixLength))
        }
        return MergeTable(parts, becoming: merged)
    }

    /// The pairs that stand on both sides of the one space in each string of a list.
    private static func pairs(
        in list: JSONTable, _ misfit: (JSONValue, Int) -> TokenizerError
    ) throws(TokenizerError) -> JSONTable {
        var (bytes, ends): ([UInt8], [Int32]) = ([], [])
        bytes.reserveCapacity(list.bytes.count)
        ends.reserveCapacity(2 * list.count)
        for rank in 0..<list.count {
            let text = list.string(rank)
            guard let space = text.firstIndex(of: UInt8(ascii: " ")), !text[(space + 1)...].contains(UInt8(ascii: " "))
            else { throw misfit(.string(String(decoding: text, as: UTF8.self)), rank) }
            for part in [text[..<space], text[(space + 1)...]] {
                bytes += part
                ends.append(Int32(bytes.count))
            }
        }
        return JSONTable(pairs: bytes, ends: ends)
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
        merges.pairs.map { left, right in
            .array([left, right].map { .string(vocabulary.piece(of: Int($0)) ?? "") })
        }
    }
}
