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
        names: [String] = ["b.npy"]
    ) -> [UInt8] {
        let size = size ?? UInt32(contents.count)
        let sum: UInt32 = checksum ?? Self.checksum(contents)
        let settings = Self.short(flags) + Self.short(method) + Self.word(0) + Self.word(sum)
        func common(_ name: [UInt8]) -> [UInt8] {
            settings + Self.word(size) + Self.word(size) + Self.short(UInt16(name.count)) + Self.short(0)
        }
        let first = Array(names[0].utf8)
        var local = Self.word(0x0403_4B50) + Self.short(20)
        local += common(first) + first + contents
        var directory: [UInt8] = []
        for name in names.map({ Array($0.utf8) }) {
            directory += Self.word(0x0201_4B50) + Self.short(20) + Self.short(20)
            directory += common(name) + [UInt8](repeating: 0, count: 14) + name
        }
        var end = Self.word(0x0605_4B50) + Self.word(0)
        end += Self.short(UInt16(names.count)) + Self.short(UInt16(names.count))
        end += Self.word(UInt32(directory.count)) + Self.word(UInt32(local.count)) + Self.short(0)
        return local + directory + end
    }

    private static func short(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }

    private static func word(_ value: UInt32) -> [UInt8] {
        short(UInt16(value & 0xFFFF)) + short(UInt16(value >> 16))
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 {
                let shifted = sum >> 1
                sum = sum & 1 == 0 ? shifted : shifted ^ 0xEDB8_8320
            }
        }
        return ~sum
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
        let cases: [([UInt8], String)] = [
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
            (archive(good, names: ["b.npy", "b"]), "marian: expected each name once in FILE, found b twice"),
            (archive(good, names: ["b.npy", "b.npy"]), "unzip: expected each name once, found b.npy twice"),
            (archive(good, method: 8), "unzip: b.npy: decompress: expected"),
        ]
        for (bytes, sentence) in cases { #expect(complaint(bytes).contains(sentence), "\(complaint(bytes))") }
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
