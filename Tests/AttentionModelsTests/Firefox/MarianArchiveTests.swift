import AttentionFiles
import AttentionModels
import AttentionTensors
import Testing

/// Models as training leaves them, `model.npz`; `scripts/make-npz-fixtures.py` made one of a model in the binary container.
@Suite struct MarianArchiveTests {
    private static let path = FirefoxModelTests.root + "npz/model.npz"

    @Test func itHoldsWhatTheContainerHolds() throws {
        let archive = try MarianFile(path: Self.path)
        let container = try MarianFile(path: FirefoxModelTests.root + "attention/model.xxyy.intgemm.alphas.bin")
        #expect(archive.names == container.names && archive.names.count > 40)
        for name in archive.names where !name.hasPrefix("special:") {
            let (found, expected) = (try archive.parameter(named: name), try container.parameter(named: name))
            #expect(found.shape == expected.shape && found.tensor.values == expected.tensor.values, "\(name)")
        }
        #expect(try archive.text(named: "special:model.yml") == container.text(named: "special:model.yml"))
        _ = try FirefoxModel.load(archive)
    }

    private func complaint(_ bytes: [UInt8]) -> String {
        do {
            _ = try MarianFile(bytes, source: "FILE")
            return ""
        } catch { return "\(error)" }
    }

    /// An archive of one file, stored.
    private func archive(
        _ contents: [UInt8], method: UInt16 = 0, flags: UInt16 = 0, size: UInt32? = nil, checksum: UInt32? = nil,
        copies: Int = 1
    ) -> [UInt8] {
        func bytes(_ fields: [any FixedWidthInteger]) -> [UInt8] {
            fields.flatMap { field in
                (0..<field.bitWidth / 8).map { UInt8(truncatingIfNeeded: Int64(field) >> (8 * $0)) }
            }
        }
        let (name, size) = (Array("b.npy".utf8), size ?? UInt32(contents.count))
        let sum = checksum ?? Self.checksum(contents)
        let common: [any FixedWidthInteger] = [
            flags, method, UInt16(0), UInt16(0), sum, size, size, UInt16(name.count), UInt16(0),
        ]
        let local = bytes([0x0403_4B50 as UInt32, 20 as UInt16]) + bytes(common) + name + contents
        let rest: [any FixedWidthInteger] = [UInt16(0), UInt16(0), UInt16(0), UInt32(0), UInt32(0)]
        let entry = bytes([0x0201_4B50 as UInt32, 20 as UInt16, 20 as UInt16]) + bytes(common) + bytes(rest) + name
        let directory = (0..<copies).flatMap { _ in entry }
        return local + directory
            + bytes([
                0x0605_4B50 as UInt32, 0 as UInt16, 0 as UInt16, UInt16(copies), UInt16(copies),
                UInt32(directory.count),
                UInt32(local.count), 0 as UInt16,
            ])
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF as UInt32) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB8_8320 }
        }
    }

    private func array(_ type: String, _ shape: String, order: String = "False", _ data: [UInt8]) -> [UInt8] {
        let header = Array("{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n".utf8)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + data
    }

    @Test func whatCannotBeReadIsNamed() throws {
        let floats: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
        let good = array("<f4", "(1, 2)", floats)
        let file = try MarianFile(archive(good), source: "FILE")
        #expect(try file.parameter(named: "b").tensor.values == [1, 2])
        for (bytes, sentence) in [
            (
                archive(array("<f2", "(4,)", floats)),
                "marian: expected float32 (<f4) or bytes (|i1) as b in FILE, found <f2; convert the model to one of these"
            ),
            (
                archive(array("<f4", "(1, 2)", order: "True", floats)),
                "expected an array of numpy's as b.npy, row by row in FILE"
            ),
            (archive(array("<f4", "(1, 3)", floats)), "expected 12 bytes for b [1, 3] in FILE, found 8"),
            (archive(array("<f4", "(9223372036854775807, 3)", floats)), "expected sizes of memory for b"),
            (archive(Array("no array".utf8)), "expected an array of numpy's as b.npy"),
            (
                archive(good, method: 12),
                "unzip: expected b.npy stored (0) or deflated (8), found method 12; pack it anew"
            ),
            (archive(good, flags: 1), "unzip: expected b.npy without a password, found it encrypted"),
            (archive(good, size: .max), "unzip: expected sizes of 32 bits for b.npy, found zip64; pack less than 4 GB"),
            (archive(good, checksum: 1), "unzip: b.npy: decompress: expected contents with CRC-32 0x1, found 0x"),
            (archive(good, copies: 2), "unzip: expected each name once, found b.npy twice"),
            (archive(good, method: 8), "unzip: b.npy: decompress: expected"),
        ] { #expect(complaint(bytes).contains(sentence), "\(complaint(bytes))") }
    }

    /// However short it was cut, and whatever stands in it.
    @Test func anyBytesAreReadOrRefused() throws {
        let whole = try FileContents.read(Self.path)
        for count in stride(from: 4, to: whole.count, by: 97) { #expect(!complaint(Array(whole[..<count])).isEmpty) }
        let small = archive(array("<f4", "(1, 2)", [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]))
        var generator = RandomKey(seed: 4).generator()
        var readCount = 0
        for _ in 0..<2000 {
            var bytes = small
            bytes[Int.random(in: 4..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            if complaint(bytes).isEmpty { readCount += 1 }
        }
        #expect(readCount > 20 && readCount < 1900)
    }
}
