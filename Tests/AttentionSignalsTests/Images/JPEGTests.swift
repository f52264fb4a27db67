import AttentionSignals
import Testing

@Suite struct JPEGTests {
    /// The pixels of libjpeg-turbo, to the last bit.
    @Test func readsEveryKindAsLibjpegDoes() throws {
        let names = try Fixtures.names("jpeg")
        #expect(names.count == 20)
        for name in names {
            let image = try Image(contentsOf: Fixtures.path(name))
            let expected = try Fixtures.bytes(name.replacing("jpeg/", with: "jpeg-pixels/"))
            #expect(image.samples == expected, "\(name)")
        }
    }

    @Test(arguments: 1...8) func turnsAsTheCameraWasHeld(_ orientation: Int) throws {
        let image = try Image(contentsOf: Fixtures.path("orientation/\(orientation).jpg"))
        let name = "orientation-pixels/\(orientation)-\(image.width)x\(image.height)"
        #expect(image.samples == (try Fixtures.bytes(name)))
    }

    @Test(arguments: ["420", "progressive-420", "restarts", "cmyk"]) func refusesEveryCut(_ name: String) throws {
        let bytes = try Fixtures.bytes("jpeg/\(name).jpg")
        // Without its last two bytes, the end marker, a picture is whole unless more scans could come.
        let mark = name == "progressive-420" ? 0 : 2
        for count in 0..<bytes.count - mark {
            #expect(throws: SignalError.self) { try Image(Array(bytes.prefix(count))) }
        }
    }

    private func sentence(_ bytes: [UInt8]) -> String {
        do throws(SignalError) { return "\(try JPEG.image(from: bytes).width)" } catch { return error.description }
    }

    @Test func saysWhatIsNotRead() throws {
        let bytes = try Fixtures.bytes("jpeg/420.jpg")
        let frame = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xC0]) })
        func changed(_ offset: Int, _ values: UInt8...) -> [UInt8] {
            var changed = bytes
            changed.replaceSubrange(frame + offset..<frame + offset + values.count, with: values)
            return changed
        }
        #expect(
            sentence(changed(1, 0xC9))
                == "jpeg: expected a baseline, extended or progressive picture with Huffman codes, found a frame of kind 9; "
                + "convert it to PNG, or to an ordinary JPEG file")
        #expect(sentence(changed(4, 12)) == "jpeg: expected samples of 8 bits, found 12; convert it to PNG")
        let way = "the file is damaged or of another kind: copy it again, or take another"
        #expect(
            sentence(changed(5, 0, 0)) == "jpeg: expected a picture of one pixel or more, found 37 by 0; \(way)")
        #expect(
            sentence(changed(5, 0xFF, 0xFF, 0xFF, 0xFF))
                == "jpeg: expected at most 67108864 pixels, found 65535 by 65535; raise the limit, or make it smaller first"
        )
        #expect(
            sentence(changed(5, 0x20, 0, 0x20, 0))
                == "jpeg: expected data for 8192 by 8192 pixels, found \(bytes.count) bytes; \(way)")
        #expect(
            sentence(changed(11, 0x31, 0, 2, 0x21))
                == "jpeg: expected colours at a whole part of the picture's size, found the sampling factors 3x1, 2x1, 1x1; "
                + "convert it to PNG")
    }
}
