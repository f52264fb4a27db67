import AttentionFiles
import AttentionText
import Testing

/// Whole folders against the reference: ids, pieces, offsets, word ids, types, masks, windows, and text back.
@Suite struct FolderTests {
    @Test func thereAreFolders() {
        #expect(TokenizerFolder.all.count >= 3)
    }

    @Test(arguments: TokenizerFolder.all) func encodes(_ folder: TokenizerFolder) throws {
        let tokenizer = try Tokenizer(folder: folder.path)
        let cases = try folder.lines("cases.jsonl")
        try #require(!cases.isEmpty)
        for item in cases {
            let encoding = encode(item, with: tokenizer)
            expect(encoding, item, item["text"].text)
            #expect(encoding.overflowing.count == item["overflowing"].elements.count)
        }
    }

    @Test(arguments: TokenizerFolder.all) func decodes(_ folder: TokenizerFolder) throws {
        let tokenizer = try Tokenizer(folder: folder.path)
        for item in try folder.lines("cases.jsonl") {
            let ids = item["ids"].elements.compactMap(\.int)
            let whole = tokenizer.decode(ids, skippingSpecialTokens: false)
            #expect(
                whole.scalarValues == item["decode"].text.scalarValues,
                "\(item["text"].text.debugDescription) \(whole.debugDescription)")
            if case .string(let expected) = item["decode_skip_special"] {
                #expect(tokenizer.decode(ids).scalarValues == expected.scalarValues, "\(expected)")
            }
        }
    }

    @Test(arguments: TokenizerFolder.all) func batches(_ folder: TokenizerFolder) throws {
        let tokenizer = try Tokenizer(folder: folder.path)
        for item in try folder.lines("batch.jsonl") {
            let texts = item["texts"].elements.map { value in
                value.elements.isEmpty
                    ? EncodingInput(value.text) : EncodingInput(value.elements[0].text, pair: value.elements[1].text)
            }
            let encodings = tokenizer.encode(batch: texts)
            #expect(encodings.count == item["encodings"].elements.count)
            for (encoding, expected) in zip(encodings, item["encodings"].elements) {
                expect(encoding, expected, "batch")
            }
        }
    }

    /// What is written is read again, with the same results.
    @Test(arguments: TokenizerFolder.all) func survivesWriting(_ folder: TokenizerFolder) throws {
        let tokenizer = try Tokenizer(folder: folder.path)
        let again = try Tokenizer(json: tokenizer.json())
        #expect(again.json() == tokenizer.json())
        for item in try folder.lines("cases.jsonl") {
            #expect(encode(item, with: again) == encode(item, with: tokenizer))
        }
    }

    private func encode(_ item: JSONValue, with tokenizer: Tokenizer) -> Encoding {
        var addsSpecial = true
        if case .bool(let flag) = item["add_special_tokens"] { addsSpecial = flag }
        guard case .string(let pair) = item["pair"] else {
            return tokenizer.encode(item["text"].text, addingSpecialTokens: addsSpecial)
        }
        return tokenizer.encode(item["text"].text, pair: pair, addingSpecialTokens: addsSpecial)
    }

    private func expect(_ encoding: Encoding, _ item: JSONValue, _ text: String) {
        let comment = Comment(rawValue: text.debugDescription)
        #expect(encoding.ids == item["ids"].elements.map(\.int), comment)
        #expect(
            encoding.pieces.map(\.scalarValues) == item["tokens"].elements.map(\.text.scalarValues), comment)
        #expect(
            encoding.offsets.map { [$0.lowerBound, $0.upperBound] }
                == item["offsets"].elements.map { $0.elements.map(\.int) }, comment)
        if case .array(let values) = item["word_ids"] { #expect(encoding.wordIDs == values.map(\.int), comment) }
        if case .array(let values) = item["sequence_ids"] {
            #expect(encoding.sequenceIDs == values.map(\.int), comment)
        }
        if case .array(let values) = item["type_ids"] { #expect(encoding.typeIDs == values.map(\.int), comment) }
        if case .array(let values) = item["special_tokens_mask"] {
            #expect(encoding.specialTokensMask.map { $0 ? 1 : 0 } == values.map(\.int), comment)
        }
        if case .array(let values) = item["attention_mask"] {
            #expect(encoding.attentionMask.map { $0 ? 1 : 0 } == values.map(\.int), comment)
        }
        if case .array(let windows) = item["overflowing"] {
            #expect(encoding.overflowing.count == windows.count, comment)
            for (window, expected) in zip(encoding.overflowing, windows) { expect(window, expected, text) }
        }
    }
}
