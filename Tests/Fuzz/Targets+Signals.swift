import AttentionFiles
import AttentionSignals

/// Pictures, sounds and arrays. What is read has at most as many pixels as allowed, and can be used.
extension Targets {
    private static let pixelLimit = 1 << 20

    /// The file as it is, with its checksums put right, and a file whose lines are these bytes: damage would seldom get past the checksums.
    static func png(_ bytes: [UInt8]) throws -> Bool {
        let isRead = try picture(bytes, PNG.image)
        return try picture(repaired(bytes), PNG.image) || picture(assembled(bytes), PNG.image) || isRead
    }

    static func jpeg(_ bytes: [UInt8]) throws -> Bool { try picture(bytes, JPEG.image) }

    private static func picture(
        _ bytes: [UInt8], _ read: (_ bytes: [UInt8], _ limit: Int) throws(SignalError) -> Image
    ) throws -> Bool {
        let image: Image
        do throws(SignalError) { image = try read(bytes, pixelLimit) } catch {
            _ = error.description
            return false
        }
        precondition(image.width * image.height <= pixelLimit)
        precondition(image.samples.count == image.width * image.height * image.channels.rawValue)
        let small = try image.flattened.resized(width: 5, height: 3)
        let again = try PNG.image(from: PNG.bytes(of: small))
        precondition(again == small)
        _ =
            try ImageProcessor(target: .edges(shortest: 4, longest: 7), crop: (6, 6), arithmetic: .torch)(small)
            as PixelPlanes
        return true
    }

    /// Every chunk with the checksum it should have.
    private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var (bytes, place) = (bytes, 8)
        while place + 12 <= bytes.count {
            let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            guard place + 12 + length <= bytes.count else { break }
            let checksum = CRC32.checksum(of: bytes.span.extracting(place + 4..<place + 8 + length))
            for index in 0..<4 {
                bytes[place + 8 + length + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * index))
            }
            place += 12 + length
        }
        return bytes
    }

    /// A small picture whose header, palette and lines are made of these bytes; seven of eight have as many lines as they should.
    private static func assembled(_ bytes: [UInt8]) -> [UInt8] {
        let bytes = Array(bytes.dropFirst(41))
        guard bytes.count > 20 else { return [] }
        let color = [0, 2, 3, 4, 6][Int(bytes[2]) % 5]
        let depth = min([8, 16, 4, 2, 1][Int(bytes[3]) % (color == 0 || color == 3 ? 5 : 2)], color == 3 ? 8 : 16)
        let (width, height, isInterlaced) = (Int(bytes[0] % 12) + 1, Int(bytes[1] % 12) + 1, bytes[4] % 2 == 1)
        let header = [0, 0, 0, width, 0, 0, 0, height, depth, color, 0, 0, isInterlaced ? 1 : 0].map { UInt8($0) }
        let bits = depth * [1, 1, 3, 1, 2, 1, 4][color]
        var count = lineBytes(width, height, bits, isInterlaced)
        if bytes[5] % 8 == 0 { count += Int(bytes[6] % 5) - 2 }
        var lines = (0..<max(0, count)).map { bytes[20 + $0 % (bytes.count - 20)] }
        // Filters that there are, and colours of the palette, for most.
        if bytes[7] % 8 > 0 { for index in lines.indices { lines[index] %= 5 } }
        let palette = chunk("PLTE", Array(bytes[0..<15])) + chunk("tRNS", Array(bytes[15..<15 + Int(bytes[7] % 5)]))
        let mark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let data = chunk("IDAT", Zlib.compress(lines))
        return repaired(mark + chunk("IHDR", header) + (color == 3 ? palette : []) + data + chunk("IEND", []))
    }

    private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let length = (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) }
        return length + Array(name.utf8) + body + [0, 0, 0, 0]
    }

    /// How many bytes the lines of a picture take, each with its filter.
    private static func lineBytes(_ width: Int, _ height: Int, _ bits: Int, _ isInterlaced: Bool) -> Int {
        let steps =
            isInterlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)]
        return steps.reduce(0) { sum, step in
            let (columns, rows) = ((width - step.0 + step.2 - 1) / step.2, (height - step.1 + step.3 - 1) / step.3)
            return columns > 0 && rows > 0 ? sum + rows * (1 + (columns * bits + 7) / 8) : sum
        }
    }

    static func wav(_ bytes: [UInt8]) throws -> Bool { try sound(bytes, limit: bytes.count) }

    /// The file as it is, and one whose first frame is these bytes behind a header with the right checksum.
    static func flac(_ bytes: [UInt8]) throws -> Bool {
        let isRead = try sound(bytes, limit: 1 << 20)
        return try sound(framed(bytes), limit: 1 << 20) || isRead
    }

    /// Channels, bits and the size of a block are made of these bytes, and the samples of all that follow.
    private static func framed(_ bytes: [UInt8]) -> [UInt8] {
        let bytes = Array(bytes.dropFirst(50))
        guard bytes.count > 3 else { return [] }
        let (arrangement, bitCount) = (Int(bytes[0]) % 11, 4 + Int(bytes[1]) % 29)
        let form = 16000 << 12 | (arrangement < 8 ? arrangement : 1) << 9 | (bitCount - 1) << 4
        let info: [UInt8] = [0x80, 0, 0, 34] + [UInt8](repeating: 0, count: 10)
        let word = (0..<4).map { UInt8(truncatingIfNeeded: form >> (24 - 8 * $0)) }
        let header: [UInt8] = [0xFF, 0xF8, 0x60, UInt8(arrangement << 4), 0, bytes[2]]
        let frame = header + [FLACChecksum.ofHeader(header[...])] + bytes[3...]
        return Array("fLaC".utf8) + info + word + [UInt8](repeating: 0, count: 20) + frame
    }

    private static func sound(_ bytes: [UInt8], limit: Int) throws -> Bool {
        let sound: Sound
        do throws(SignalError) { sound = try Sound(bytes, limit: limit) { _ = $0.description } } catch {
            _ = error.description
            return false
        }
        precondition(sound.channels.allSatisfy { $0.count == sound.sampleCount && $0.allSatisfy(\.isFinite) })
        precondition(sound.sampleCount * sound.channels.count <= limit)
        do throws(SignalError) {
            _ = try WAV.sound(from: WAV.bytes(of: sound))
            let short = try Sound(sound.mono, sampleRate: sound.sampleRate).fitted(toSampleCount: 50)
            let resampled = try short.resampled(to: 16000, filter: .hann).fitted(toSampleCount: 600)
            _ = try LogMel.whisper()(resampled)
        } catch { _ = error.description }
        return true
    }

    static func idx(_ bytes: [UInt8]) throws -> Bool {
        let array: IDXFile
        do throws(SignalError) { array = try IDXFile(bytes, limit: 1 << 20) } catch {
            _ = error.description
            return false
        }
        precondition(array.values.count == array.shape.reduce(1, *))
        return true
    }
}
