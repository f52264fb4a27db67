import AttentionText
import Foundation
import Testing

/// What tokens add, one after another, is the text that they are decoded to.
@Suite struct AddedBytesTests {
    @Test(arguments: ["byte-level", "llama-like", "unigram-bytes", "unigram", "metaspace-first", "translation"])
    func addedTogetherTheyAreTheText(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures").standardized
        let tokenizer = try Tokenizer(contentsOf: folder.appending(path: name + ".tokenizer.json").path())
        let (first, later) = (tokenizer.addedBytes(isFirst: true), tokenizer.addedBytes(isFirst: false))
        for text in ["the quick brown fox", "  two  spaces ", "a é 東京 😀 x", "line\nend", "Hello, world!"] {
            let ids = tokenizer.encode(text, addingSpecialTokens: false, recognizingSpecialTokens: false).ids
            var added: [UInt8]? = []
            for (place, id) in ids.enumerated() {
                let bytes = (place == 0 ? first : later)[id]
                if bytes == nil, !tokenizer.isSpecial(id) { Issue.record("\(name): nothing is known of \(id)") }
                if let bytes { added? += bytes }
            }
            #expect(added.map { String(decoding: $0, as: UTF8.self) } == tokenizer.decode(ids), "\(name) \(text)")
        }
    }
}
