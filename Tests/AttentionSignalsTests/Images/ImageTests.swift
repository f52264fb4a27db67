import AttentionSignals
import Testing

@Suite struct ImageTests {
    @Test func readsPortableMaps() throws {
        let grey = try Image(Array("P5\n# a comment 9\n3 1 255\n".utf8) + [1, 2, 3])
        #expect(grey.channels == .grey && grey.samples == [1, 2, 3] && grey.width == 3)
        let color = try Image(Array("P6 1 2\t15\n".utf8) + [0, 7, 15, 1, 2, 3])
        #expect(color.channels == .rgb && color.samples == [0, 119, 255, 17, 34, 51])
        #expect(try Image(Array("P5 1 1 65535\n".utf8) + [0x80, 0]).samples == [128])
        for text in [
            "P5", "P5 1", "P5 1 1", "P5 x 1 255\n", "P5 0 1 255\n", "P5 1 1 0\n", "P5 99999999999 1 255\n",
            "P6 1 1 255\n12",
        ] {
            #expect(throws: SignalError.self, "\(text)") { try Image(Array(text.utf8)) }
        }
    }

    @Test func saysWhatItCannotRead() {
        #expect(
            throws: SignalError.unsupported(
                operation: "image", expected: "a PNG, JPEG, PGM or PPM file",
                found: "one that begins with [71, 73, 70, 56]",
                wayOut: "convert it to PNG")
        ) { try Image(Array("GIF89a".utf8)) }
        #expect(throws: SignalError.self) { try Image([]) }
        #expect(throws: SignalError.self) { try Image(contentsOf: "/nowhere.png") }
        #expect(throws: SignalError.self) { try Image(width: 2, height: 2, channels: .rgb, samples: [0]) }
        #expect(throws: SignalError.self) { try Image(width: .max, height: .max, channels: .rgb, samples: [0]) }
    }

    @Test func colorsAreThoseOfPillow() throws {
        let photo = try Image(width: 26, height: 17, channels: .rgb, samples: Fixtures.bytes("resizing/photo"))
        #expect(photo.grey.samples == (try Fixtures.bytes("resizing/grey")))
        #expect(photo.grey.rgb[3, 4].allSatisfy { $0 == photo.grey[3, 4].first })
        let alpha = try Image(width: 26, height: 17, channels: .rgba, samples: Fixtures.bytes("resizing/alpha"))
        #expect(alpha.rgb == photo)
        #expect(alpha.flattened.samples == (try Fixtures.bytes("resizing/flattened")))
    }

    @Test func cropsWithZerosAround() throws {
        let image = try Image(width: 3, height: 2, channels: .grey, samples: [1, 2, 3, 4, 5, 6])
        #expect(try image.cropped(x: 1, y: 0, width: 2, height: 2).samples == [2, 3, 5, 6])
        #expect(try image.cropped(x: -1, y: 1, width: 3, height: 2).samples == [0, 4, 5, 0, 0, 0])
        #expect(try image.centerCropped(width: 1, height: 1).samples == [2])
        #expect(try image.centerCropped(width: 4, height: 3).samples == [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6])
        #expect(try image.cropped(x: .max, y: .min, width: 1, height: 1).samples == [0])
        #expect(throws: SignalError.self) { try image.cropped(x: 0, y: 0, width: 0, height: 1) }
        #expect(throws: SignalError.self) { try image.cropped(x: 0, y: 0, width: 1 << 40, height: 1 << 40) }
    }
}
