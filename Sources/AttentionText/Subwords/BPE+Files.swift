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
        func id(_ piece: ArraySlice<UInt8>) throws(TokenizerError) -> Int {
            guard let id = vocabulary.id(of: piece) else {
                throw .missingPiece(stage: fields.stage, field: "merges", piece: String(decoding: piece, as: UTF8.self))
            }
            return id
        }
        let table = try fields.table("merges", [.pairs, .strings]) { _, value, rank in misfit(value, rank) }
        var merges = MergeTable(capacity: table.count)
        var merged = -1
        for rank in 0..<table.count {
            let (left, right): (ArraySlice<UInt8>, ArraySlice<UInt8>)
            if table.form == .pairs {
                (left, right) = (table.string(2 * rank), table.string(2 * rank + 1))
            } else if let halves = halves(of: table.string(rank)) {
                (left, right) = halves
            } else {
                throw misfit(.string(String(decoding: table.string(rank), as: UTF8.self)), rank)
            }
            let (leftID, rightID) = (try id(left), try id(right))
            // What a merge makes mostly follows in the vocabulary what the merge before it made.
            let end = right.dropFirst(prefixLength)
            merged = vocabulary.isPiece(merged + 1, left, end) ? merged + 1 : try id(left + end)
            merges.insert(Int32(leftID), Int32(rightID), becoming: Int32(merged))
        }
        return merges
    }

    /// What stands on both sides of a space, if there is just one.
    private static func halves(of text: ArraySlice<UInt8>) -> (left: ArraySlice<UInt8>, right: ArraySlice<UInt8>)? {
        guard let space = text.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        let (left, right) = (text[..<space], text[(space + 1)...])
        return right.contains(UInt8(ascii: " ")) ? nil : (left, right)
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
