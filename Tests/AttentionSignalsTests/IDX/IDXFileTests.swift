import AttentionFiles
import AttentionSignals
import Testing

@Suite struct IDXFileTests {
    /// The elements 1, −2 in two rows.
    private static let files: [(UInt8, [UInt8])] = [
        (0x09, [1, 0xFE]), (0x0B, [0, 1, 0xFF, 0xFE]), (0x0C, [0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE]),
        (0x0D, [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]),
        (0x0E, [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0]),
    ]

    private func file(_ type: UInt8, _ elements: [UInt8]) -> [UInt8] {
        [0, 0, type, 2, 0, 0, 0, 2, 0, 0, 0, 1] + elements
    }

    @Test func readsFilesOfEveryType() throws {
        let names = try Fixtures.names("idx")
        #expect(names.count == 7)
        for name in names {
            let array = try IDXFile(contentsOf: Fixtures.path(name))
            #expect(array.shape == [2, 3])
            #expect(
                array.values == (array.element == .unsigned8 ? [1, 254, 3, 100, 0, 128] : [1, -2, 3, 100, 0, -128]))
        }
    }

    @Test func readsEveryElement() throws {
        for (type, elements) in Self.files {
            let array = try IDXFile(file(type, elements))
            #expect(array.shape == [2, 1] && array.count == 2)
            #expect(array.values == [1, -2])
        }
        let bytes = try IDXFile(file(8, [1, 255]))
        #expect(bytes.element == .unsigned8 && bytes.bytes == [1, 255] && bytes.values == [1, 255])
        #expect(try IDXFile([0, 0, 8, 1, 0, 0, 0, 0]).values == [])
    }

    @Test func refusesOtherSizes() throws {
        for (type, elements) in Self.files {
            for count in 0..<elements.count + 12 {
                #expect(throws: SignalError.self) { try IDXFile(Array(file(type, elements).prefix(count))) }
            }
            #expect(throws: SignalError.self) { try IDXFile(file(type, elements + [0])) }
        }
        let large: [UInt8] = [0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12)
        #expect(throws: SignalError.self) { try IDXFile(large) }
        #expect(
            throws: SignalError.malformed(
                operation: "idx", expected: "two zeros and an element type of 8, 9, 11, 12, 13 or 14",
                found: "[0, 0, 10]")
        ) { try IDXFile([0, 0, 10, 1, 0, 0, 0, 0]) }
    }

    /// Compressed files: three bytes in a stored block.
    @Test func readsGzip() throws {
        let plain: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 1, 7]
        let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 9, 0, 0xF6, 0xFF]
        let checksum = CRC32.checksum(of: plain.span)
        let trailer = (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) } + [9, 0, 0, 0]
        #expect(try IDXFile(header + plain + trailer).values == [7])
        #expect(throws: SignalError.self) { try IDXFile(header + plain + trailer, limit: 8) }
        #expect(throws: SignalError.self) { try IDXFile(header + plain) }
    }
}
