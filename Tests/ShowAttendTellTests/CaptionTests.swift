import AttentionSignals
import Foundation
import ShowAttendTell
import Testing

@Suite struct CaptionTests {
    @Test func scoresAreTheMetrics() throws {
        let wanted = [["a", "three", "above", "two", "ones"], ["an", "eight", "beside", "a", "nine"]]
        let right = try CaptionScores(wanted, references: wanted)
        #expect(right.rightShare == 1 && abs(right.bleu - 100) < 1e-9 && abs(right.cider - 10) < 1e-9)
        let half = try CaptionScores([wanted[0], ["an", "eight"]], references: wanted)
        #expect(half.rightShare == 0.5 && half.bleu < 100 && half.cider > 5 && half.cider < 10)
    }

    private func folder() throws -> String {
        let folder = NSTemporaryDirectory() + "emoji-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Two pictures of 1 × 2 pixels and their names.
    private func folder(pixels: [UInt8], table: String) throws -> String {
        let folder = try folder()
        try write("train", shape: [2, 1, 2], pixels: pixels, table: table, to: folder)
        return folder
    }

    /// The two files of a part: pictures of this shape [count, rows, columns] and their names.
    private func write(
        _ part: String, shape: [UInt8], pixels: [UInt8], table: String, to folder: String
    ) throws {
        // IDX: bytes, four axes. A file need not be compressed.
        let header: [UInt8] = [0, 0, 8, 4] + (shape + [3]).flatMap { [0, 0, 0, $0] as [UInt8] }
        try Data(header + pixels).write(to: URL(fileURLWithPath: "\(folder)/\(part)-images.idx4.gz"))
        try Data(stored(Array(table.utf8))).write(to: URL(fileURLWithPath: "\(folder)/\(part).tsv.gz"))
    }

    /// Bytes as a gzip file whose one block is stored as it is (RFC 1951, sec. 3.2.4; RFC 1952).
    private func stored(_ bytes: [UInt8]) -> [UInt8] {
        func little(_ value: UInt32, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
        }
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        let count = UInt32(bytes.count)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 1] + little(count, 2) + little(~count, 2) + bytes
            + little(~sum, 4) + little(count, 4)
    }

    @Test func emojiHaveTheirNames() throws {
        let folder = try folder(
            pixels: [255, 0, 51, 0, 255, 102, 1, 2, 3, 4, 5, 6],
            table: "0\twoman golfing: medium skin tone\tPeople\n1\tman, medium tone\tPeople\n")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let found = try EmojiPictures(part: "train", in: folder)
        #expect(
            found.pictures.map(\.words) == [
                ["woman", "golfing", ":", "medium", "skin", "tone"], ["man", ",", "medium", "tone"],
            ])
        let first = found.pictures[0]
        #expect(first.channelCount == 3 && first.height == 1 && first.width == 2)
        #expect(found.height == 1 && found.width == 2)
        #expect(first.pixels == [1, 0, 0, 1, 0.2, 0.4])
        #expect(found.vocabulary.words == ["medium", "tone", Vocabulary.unknown])
    }

    @Test func captionsMustBeAsManyAsPictures() throws {
        let folder = try folder(pixels: [UInt8](repeating: 0, count: 12), table: "0\tman\tPeople\n")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let error = #expect(throws: SignalError.self) { try EmojiPictures(part: "train", in: folder) }
        #expect(
            error?.description
                == "emoji: expected bytes [count, rows, columns, 3] and as many captions, at least one, found [2, 1, 2, 3] and 1; "
                + "give pictures and captions of one part")
    }

    /// The network has as many places for each picture, and poolings leave some.
    @Test(arguments: [[4, 4, 4], [4, 5, 4], [4, 4, 5], [3, 3, 3]] as [[UInt8]])
    func partsHaveOneSize(_ sides: [UInt8]) throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (part, side) in zip(["train", "valid", "test"], sides) {
            let pixels = [UInt8](repeating: 0, count: 3 * Int(side) * Int(side))
            try write(part, shape: [1, side, side], pixels: pixels, table: "0\tman\tPeople\n", to: folder)
        }
        if sides == [4, 4, 4] {
            let grid = try EmojiTask(folder: folder).sizes.grid
            #expect(grid.rows == 1 && grid.columns == 1)
        } else {
            let error = #expect(throws: SignalError.self) { try EmojiTask(folder: folder) }
            #expect(error?.description.contains("pictures of one size, 4 × 4 pixels or more") == true)
        }
    }

    @Test func noPicturesAreRefused() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write("train", shape: [0, 4, 4], pixels: [], table: "", to: folder)
        #expect(throws: SignalError.self) { try EmojiPictures(part: "train", in: folder) }
    }

    @Test func picturesMove() {
        let picture = CaptionedPicture(
            channelCount: 2, height: 2, width: 2, pixels: [1, 2, 3, 4, 5, 6, 7, 8], words: ["x"])
        #expect(picture.moved(down: 1, right: 0, ground: 9).pixels == [9, 9, 1, 2, 9, 9, 5, 6])
        #expect(picture.moved(down: 0, right: -1, ground: 0).pixels == [2, 0, 4, 0, 6, 0, 8, 0])
        #expect(picture.moved(down: 0, right: 0, ground: 0) == picture)
    }

    @Test func stripsShowEveryWord() {
        let picture = CaptionedPicture(
            channelCount: 1, height: 2, width: 4, pixels: [0, 0, 1, 1, 0.2, 0.2, 0.2, 0.2], words: [])
        let svg = LookStrip(
            picture, words: ["a", "<b>"], looks: [[0, 0, 0.75, 0.25], [1, 0, 0, 0], [0, 1, 0, 0]], grid: (2, 2)
        ).svg
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains("width=\"408\" height=\"152\""))
        #expect(svg.contains("<rect x=\"2\" y=\"0\" width=\"2\" height=\"1\" fill=\"rgb(255,255,255)\"/>"))
        #expect(svg.contains("<rect x=\"0\" y=\"1\" width=\"4\" height=\"1\" fill=\"rgb(51,51,51)\"/>"))
        #expect(
            svg.contains(
                "<rect x=\"64\" y=\"64\" width=\"64\" height=\"64\" fill=\"#e69f00\" fill-opacity=\"0.2\"/>"))
        #expect(svg.contains(">&lt;b&gt;</text>") && svg.contains(">end</text>"))
        #expect(svg.components(separatedBy: "<use href=\"#picture\"/>").count == 4)
    }
}
