import AttentionFiles
import AttentionTensors
import AttentionTraining
import Glibc
import Testing

@Suite struct ParallelCorpusTests {
    /// Writes the bytes to a file for the time of `body`.
    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let path = "/tmp/attention-corpus-\(UInt64.random(in: .min ... .max)).tsv"
        try AtomicFile.write(bytes, to: path)
        defer { _ = unlink(path) }
        return try body(path)
    }

    private func pairs(_ text: String, _ columns: ParallelCorpus.Columns = .init()) throws -> [[String]] {
        try withFile(Array(text.utf8)) { path in
            try ParallelCorpus(reading: [path], columns: columns).pairs.map { [$0.source, $0.target] }
        }
    }

    /// The error's sentence, with the name of the file taken for "FILE".
    private func complaint(_ bytes: [UInt8]) throws -> String? {
        try withFile(bytes) { path in
            let error = #expect(throws: CorpusError.self) { try ParallelCorpus(reading: [path]) }
            return error?.description.split(separator: path, omittingEmptySubsequences: false).joined(separator: "FILE")
        }
    }

    @Test func readsTwoColumns() throws {
        #expect(try pairs("a b\tc\nd\te\tignored\tagain\n") == [["a b", "c"], ["d", "e"]])
        #expect(try pairs("a\tb\r\nc\td\r\n") == [["a", "b"], ["c", "d"]])
        #expect(try pairs("a\tb\nc\td") == [["a", "b"], ["c", "d"]])
        #expect(try pairs("\u{FEFF}a\t\n") == [["a", ""]])
        #expect(try pairs("1\té\tü\n", .init(source: 2, target: 1)) == [["ü", "é"]])
        // Only LF ends a line; a Unicode line separator is text.
        #expect(try pairs("a\u{2028}\tb\u{85}\n") == [["a\u{2028}", "b\u{85}"]])
    }

    @Test func joinsFilesAndReadsGzip() throws {
        // Python: gzip.compress(b"x\ty\n", 9, mtime=0)
        let compressed: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 224, 172, 228, 2, 0, 65, 71, 54, 158, 4, 0, 0, 0,
        ]
        try withFile(compressed) { first in
            try withFile(Array("u\tv\n".utf8)) { second in
                let corpus = try ParallelCorpus(reading: [first, second])
                #expect(corpus.pairs.map(\.source) == ["x", "u"])
                #expect(corpus.pairs.map(\.target) == ["y", "v"])
            }
        }
        #expect(
            try complaint(Array(compressed.dropLast()))
                == "FILE: decompress: expected more data, found the end after 23 bytes; fetch the file again")
    }

    @Test func complaintsNameFileAndLine() throws {
        #expect(
            try complaint(Array("a\tb\n".utf8) + [99, 9, 100, 0xFF, 10])
                == "FILE: line 2 is not valid UTF-8; byte 4 of the line is the first that does not fit; "
                + "convert the file to UTF-8, for example with iconv")
        #expect(
            try complaint(Array("a\tb\nc\n".utf8))
                == "FILE: line 2: expected text in column 2, found 1 column; "
                + "separate the columns by tabs or choose other columns")
        #expect(
            try complaint([])
                == "FILE: expected at least one line, found an empty file; give a file of tab-separated sentence pairs")
        #expect(throws: CorpusError.unreadable(FileError(.read, path: "/none/x.tsv", code: ENOENT))) {
            try ParallelCorpus(reading: ["/none/x.tsv"])
        }
        #expect(throws: CorpusError.self) { try pairs("a\tb\n", .init(source: -1, target: 0)) }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func strictUTF8(bytes: [UInt8]) throws {
        let sentence = try complaint([97] + bytes + [9, 98, 10])
        #expect(sentence?.contains("line 1 is not valid UTF-8; byte 2") == true)
    }

    @Test func randomBytesNeverTrap() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let bytes: [UInt8] = (0..<60).map { _ in
                let any = UInt8.random(in: 0...255, using: &generator)
                return [9, 10, 13, 97, 0xC3, 0xA9, any].randomElement(using: &generator) ?? any
            }
            try withFile(bytes) { path in
                do throws(CorpusError) {
                    let corpus = try ParallelCorpus(reading: [path])
                    #expect(corpus.pairs.count == bytes.split(separator: 10).count)
                } catch {
                    #expect(error.description.contains(path))
                }
            }
        }
    }

    @Test func groupsReferences() {
        let pairs = [("a", "1"), ("a", "2"), ("b", "3"), ("a", "4")].map { SentencePair(source: $0.0, target: $0.1) }
        #expect(
            pairs.grouped() == [
                ReferenceSegment(source: "a", references: ["1", "2"]),
                ReferenceSegment(source: "b", references: ["3"]),
                ReferenceSegment(source: "a", references: ["4"]),
            ])
        #expect([SentencePair]().grouped().isEmpty)
        let accents = ["\u{E9}", "e\u{301}"].map { SentencePair(source: $0, target: "") }
        #expect(accents.grouped().count == 2)
    }
}
