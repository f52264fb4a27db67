import Attention
import Testing

@Suite struct TokenizerSavingTests {
    @Test func whatIsWrittenIsRead() throws {
        let tokenizer = try BPETrainer(vocabularySize: 280).train(on: ["ein Haus", "ein Baum"])
        let path = "/tmp/attention-tokenizer-\(UInt64.random(in: 0 ... .max)).json"
        try tokenizer.write(to: path)
        #expect(try FileContents.read(path) == tokenizer.json())
        #expect(try Tokenizer(contentsOf: path).encode("ein Haus").ids == tokenizer.encode("ein Haus").ids)
    }

    /// A device keeps being one: it is written to, not replaced.
    @Test func devicesAndMissingFolders() throws {
        let tokenizer = try BPETrainer(vocabularySize: 280).train(on: ["ein Haus"])
        #expect(throws: FileError.self) { try tokenizer.write(to: "/dev/full") }
        #expect(throws: FileError.self) { try tokenizer.write(to: "/dev/full") }
        #expect(throws: FileError.self) { try tokenizer.write(to: "/no/such/folder/x") }
    }
}
