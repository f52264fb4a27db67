import AttentionFiles
package import AttentionSignals

/// Pictures of emoji with what Unicode calls them: "woman golfing: medium skin tone".
package struct EmojiPictures: Sendable, Hashable {
    /// Rows and columns of all of them.
    package let height, width: Int
    /// The pictures in the order of their file.
    package let pictures: [CaptionedPicture]

    /// Those of one part, `train`, `valid` or `test`, in a folder with the files `PART-images.idx4.gz`, bytes [count, rows, columns, 3], and `PART.tsv.gz`, lines
    /// `number TAB caption TAB …`.
    /// - Throws: `SignalError` if a file cannot be read, or they do not belong together.
    package init(part: String, in folder: String) throws(SignalError) {
        let file = try IDXFile(contentsOf: "\(folder)/\(part)-images.idx4.gz")
        let captions = try Self.captions(in: "\(folder)/\(part).tsv.gz")
        guard file.element == .unsigned8, file.shape.count == 4, file.shape[3] == 3, file.shape[0] == captions.count,
            !captions.isEmpty
        else {
            throw .unfit(
                operation: "emoji", expected: "bytes [count, rows, columns, 3] and as many captions, at least one",
                found: "\(file.shape) and \(captions.count)", wayOut: "give pictures and captions of one part")
        }
        let (height, width) = (file.shape[1], file.shape[2])
        (self.height, self.width) = (height, width)
        let area = height * width
        pictures = captions.enumerated().map { number, caption in
            let bytes = file.bytes[number * area * 3..<(number + 1) * area * 3]
            let pixels = (0..<3).flatMap { channel in
                (0..<area).map { Float(bytes[bytes.startIndex + $0 * 3 + channel]) / 255 }
            }
            return CaptionedPicture(
                channelCount: 3, height: height, width: width, pixels: pixels, words: Self.words(of: caption))
        }
    }

    private static func captions(in path: String) throws(SignalError) -> [String] {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path) } catch { throw .file(error) }
        let plain: [UInt8]
        do { plain = try Gzip.decompress(bytes, limit: 1 << 26) } catch {
            throw .malformed(operation: "emoji", expected: "whole gzip data", found: "what gives: \(error)")
        }
        var captions: [String] = []
        for line in plain.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            guard fields.count > 1 else {
                throw .malformed(
                    operation: "emoji", expected: "lines of a number, a tab and a caption",
                    found: "\(String(decoding: line, as: UTF8.self)) in line \(captions.count + 1)")
            }
            captions.append(String(decoding: fields[1], as: UTF8.self))
        }
        return captions
    }

    /// The words of a caption; colons and commas are words of their own.
    package static func words(of caption: String) -> [String] {
        caption.split(separator: " ").flatMap { word -> [String] in
            guard let last = word.last, word.count > 1, last == ":" || last == "," else { return [String(word)] }
            return [String(word.dropLast()), String(last)]
        }
    }

    /// The words that occur at least twice, in alphabetical order.
    package var vocabulary: Vocabulary {
        let counts = Dictionary(pictures.flatMap(\.words).map { ($0, 1) }, uniquingKeysWith: +)
        return Vocabulary(counts.filter { $0.value > 1 }.keys.sorted())
    }
}
