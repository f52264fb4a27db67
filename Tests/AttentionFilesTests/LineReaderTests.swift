import AttentionFiles
import Glibc
import Testing

@Suite struct LineReaderTests {
    /// All lines of `bytes`, handed over in pieces of this size.
    private func lines(_ bytes: [UInt8], pieceSize: Int, byteLimit: Int = 8) throws -> [LineReader.Line] {
        var rest = bytes[...]
        var reader = LineReader(byteLimit: byteLimit) { () throws(FileError) in
            defer { rest = rest.dropFirst(pieceSize) }
            return Array(rest.prefix(pieceSize))
        }
        var lines: [LineReader.Line] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    @Test(arguments: 1...12)
    func linesDoNotDependOnPieces(pieceSize: Int) throws {
        let text = "one\n\r\ntwo ü\r\n\nlonger than eight\n12345678\r\n123456789\n"
        let expected: [LineReader.Line] = [
            .line("one"), .line(""), .line("two ü"), .line(""), .invalid(.tooLong(byteLimit: 8)), .line("12345678"),
            .invalid(.tooLong(byteLimit: 8)),
        ]
        #expect(try lines(Array(text.utf8), pieceSize: pieceSize) == expected)
        #expect(try lines(Array((text + "end").utf8), pieceSize: pieceSize) == expected + [.line("end")])
        #expect(
            try lines([97, 0xFF, 98, 10, 99, 10, 0xE2, 0x82], pieceSize: pieceSize)
                == [.invalid(.invalidUTF8(byte: 1)), .line("c"), .invalid(.invalidUTF8(byte: 0))])
    }

    @Test func nothingIsNoLine() throws {
        #expect(try lines([], pieceSize: 4) == [])
        #expect(try lines([10], pieceSize: 4) == [.line("")])
        #expect(try lines([10, 97], pieceSize: 1, byteLimit: 0) == [.line(""), .invalid(.tooLong(byteLimit: 0))])
    }

    @Test func answersBeforeTheStreamEnds() throws {
        var pieces = ["first\nsec", "ond\n"].map { Array($0.utf8) }
        var requestCount = 0
        var reader = LineReader { () throws(FileError) in
            requestCount += 1
            return pieces.isEmpty ? [] : pieces.removeFirst()
        }
        #expect(try reader.next() == .line("first"))
        #expect(requestCount == 1)
        #expect(try reader.next() == .line("second"))
        #expect(requestCount == 2)
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
        #expect(requestCount == 3)
    }

    @Test(arguments: 1...12)
    func linesTogetherAreTheSameLines(pieceSize: Int) throws {
        let text = "one\n\r\ntwo ü\r\n\nlonger than eight\n12345678\nend"
        for count in 1...4 {
            var rest = Array(text.utf8)[...]
            var reader = LineReader(
                byteLimit: 8, isReady: { true },
                nextPiece: { () throws(FileError) in
                    defer { rest = rest.dropFirst(pieceSize) }
                    return Array(rest.prefix(pieceSize))
                })
            var together: [[LineReader.Line]] = []
            repeat {
                together.append(try reader.next(upTo: count, byteCount: 100))
            } while !together[together.count - 1].isEmpty
            #expect(together.joined().elementsEqual(try lines(Array(text.utf8), pieceSize: pieceSize)))
            #expect(together.dropLast(2).allSatisfy { $0.count == count })
        }
    }

    @Test func onlyTheFirstLineIsWaitedFor() throws {
        var pieces = ["first\nsecond\nthi", "rd\nfourth\n", "fifth"].map { Array($0.utf8) }
        var readyCount = 0
        var reader = LineReader(
            isReady: {
                readyCount -= 1
                return readyCount >= 0
            }, nextPiece: { () throws(FileError) in pieces.isEmpty ? [] : pieces.removeFirst() })
        #expect(try reader.next(upTo: 9, byteCount: 99) == [.line("first"), .line("second")])
        readyCount = 1
        #expect(try reader.next(upTo: 9, byteCount: 99) == [.line("third"), .line("fourth")])
        readyCount = 9
        #expect(try reader.next(upTo: 9, byteCount: 99) == [.line("fifth")])
        #expect(try reader.next(upTo: 9, byteCount: 99) == [])
    }

    @Test func linesTogetherAreBounded() throws {
        var reader = LineReader(
            isReady: { true }, nextPiece: { () throws(FileError) in Array("four\nfour\nfour\n".utf8) })
        #expect(try reader.next(upTo: 9, byteCount: 8) == [.line("four"), .line("four")])
        #expect(try reader.next(upTo: 9, byteCount: 9).count == 3)
    }

    @Test func refusalsPassThrough() {
        #expect(throws: FileError(.read, path: "standard input", code: EIO)) {
            var reader = LineReader { () throws(FileError) in
                throw FileError(.read, path: "standard input", code: EIO)
            }
            _ = try reader.next()
        }
    }

    @Test func reasonsAreSentences() {
        #expect(
            LineReader.Reason.invalidUTF8(byte: 3).description
                == "expected UTF-8 text, found byte 4 of the line not to fit; convert the text to UTF-8")
        #expect(
            LineReader.Reason.tooLong(byteLimit: 9).description
                == "expected at most 9 bytes, found more; split the line")
    }
}
