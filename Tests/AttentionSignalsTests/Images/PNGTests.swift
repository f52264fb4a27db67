import AttentionFiles
import AttentionSignals
import Testing

@Suite struct PNGTests {
    @Test func readsEveryKindAsPillowDoes() throws {
        let names = try Fixtures.names("png")
        #expect(names.count == 33)
        for name in names {
            let image = try Image(contentsOf: Fixtures.path(name))
            #expect(image.width == 21 && image.height == 13)
            let expected = try Fixtures.bytes(name.replacing("png/", with: "png-pixels/"))
            #expect(image.samples == expected, "\(name)")
        }
    }

    @Test func readsWhatItWrites() throws {
        for channels in Image.Channels.allCases {
            for (width, height) in [(1, 1), (300, 2), (7, 90), (64, 64)] {
                let samples = (0..<width * height * channels.rawValue).map {
                    UInt8(truncatingIfNeeded: $0 * $0 / 7 % 400)
                }
                let image = try Image(width: width, height: height, channels: channels, samples: samples)
                #expect(try PNG.image(from: PNG.bytes(of: image)) == image)
            }
        }
    }

    /// A figure of few colours is a small file.
    @Test func figuresAreSmall() throws {
        let samples = (0..<400 * 300).flatMap { [UInt8](repeating: $0 % 400 < 200 ? 255 : 20, count: 3) }
        let image = try Image(width: 400, height: 300, channels: .rgb, samples: samples)
        let bytes = PNG.bytes(of: image)
        #expect(bytes.count < 6000)
        #expect(try PNG.image(from: bytes) == image)
    }

    @Test func refusesEveryCutAndEveryFlippedBit() throws {
        for name in ["png/2-8.png", "png/3-2-interlaced.png", "png/palette-alpha.png"] {
            let bytes = try Fixtures.bytes(name)
            for count in 0..<bytes.count {
                #expect(throws: SignalError.self) { try PNG.image(from: Array(bytes.prefix(count))) }
            }
            for place in 8..<bytes.count {
                var damaged = bytes
                damaged[place] ^= 4
                #expect(throws: SignalError.self) { try PNG.image(from: damaged) }
            }
        }
    }

    private func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        let named = Array(name.utf8) + body
        return word(UInt32(body.count)) + named + word(CRC32.checksum(of: named.span))
    }

    private func sentence(_ header: [UInt8], _ chunks: [UInt8] = []) -> String {
        let bytes: [UInt8] =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunks + chunk("IEND", [])
        do throws(SignalError) { return "\(try Image(bytes).width)" } catch { return error.description }
    }

    @Test func refusesWhatCannotBe() {
        let way = "the file is damaged or of another kind: copy it again, or take another"
        #expect(
            sentence([0, 0, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0])
                == "png: expected a picture of one pixel or more, found 0 by 1; \(way)")
        #expect(
            sentence([0, 1, 0, 0, 0, 1, 0, 0, 8, 0, 0, 0, 0])
                == "png: expected at most 67108864 pixels, found 65536 by 65536; raise the limit, or make it smaller first"
        )
        // A bomb: within the limit of pixels, but more than its data can hold.
        #expect(
            sentence([0, 0, 0x20, 0, 0, 0, 0x20, 0, 8, 6, 0, 0, 0], chunk("IDAT", Zlib.compress([1, 2])))
                == "png: expected data for 8192 by 8192 pixels, found 10 bytes; \(way)")
        #expect(
            sentence([0, 0, 0, 1, 0, 0, 0, 1, 4, 2, 0, 0, 0])
                == "png: expected a colour type of 0, 2, 3, 4 or 6 in a depth it may have, found 2 of 4 bits; \(way)")
        #expect(
            sentence([0, 0, 0, 1, 0, 0, 0, 1, 8, 3, 0, 0, 0], chunk("IDAT", Zlib.compress([0, 0])))
                == "png: expected a palette, found none; \(way)")
        #expect(
            sentence(
                [0, 0, 0, 1, 0, 0, 0, 1, 8, 3, 0, 0, 0],
                chunk("PLTE", [1, 2, 3]) + chunk("IDAT", Zlib.compress([0, 1])))
                == "png: expected a colour of the palette, which has 1, found number 1; \(way)")
        #expect(
            sentence([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0], chunk("IDAT", Zlib.compress([9, 0])))
                == "png: expected filters 0 to 4 of lines, found 9; \(way)")
    }

    @Test func keepsToTheLimitItIsGiven() throws {
        let bytes = try Fixtures.bytes("png/2-8.png")
        #expect(try Image(bytes, limit: 21 * 13).width == 21)
        #expect(throws: SignalError.self) { try Image(bytes, limit: 21 * 13 - 1) }
    }
}
