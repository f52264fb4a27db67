import AttentionTensors
import Testing

/// A container made by hand, as the format's description has it.
private struct Container {
    struct Item {
        var name: String
        var type: UInt64
        var sizes: [Int32]
        var data: [UInt8]
    }

    var version: UInt64 = 1
    var items: [Item] = []

    static func bytes<Number>(_ numbers: [Number]) -> [UInt8] { numbers.withUnsafeBytes(Array.init) }

    /// [[1, 2, 3], [4, 5, 6]] as integers that are divided by 4, output by output; three words of two numbers; floats; text.
    static let sample = Container(items: [
        Item(
            name: "Wemb", type: 0x4101, sizes: [3, 2],
            data: bytes([1, 2, 3, 4, 5, -6] as [Int8]) + bytes([2 as Float]) + [0, 0]),
        Item(name: "W", type: 0x4101, sizes: [2, 3], data: bytes([1, 4, 2, 5, 3, 6] as [Int8]) + bytes([4 as Float])),
        Item(name: "b", type: 0x0404, sizes: [1, 3], data: bytes([0.5, -1.5, 2.5] as [Float])),
        Item(name: "special:model.yml", type: 0x0101, sizes: [5], data: Array("a: b\0".utf8)),
    ])

    var bytes: [UInt8] {
        var out = Self.bytes([version, UInt64(items.count)])
        for item in items {
            out += Self.bytes([
                UInt64(item.name.utf8.count + 1), item.type, UInt64(item.sizes.count), UInt64(item.data.count),
            ])
        }
        for item in items { out += Array(item.name.utf8) + [0] }
        for item in items { out += Self.bytes(item.sizes) }
        let gap = (256 - (out.count + 8) % 256) % 256
        out += Self.bytes([UInt64(gap)]) + [UInt8](repeating: 0, count: gap)
        return out + items.flatMap(\.data)
    }

    func complaint() -> String {
        do {
            let file = try MarianFile(bytes, source: "FILE")
            for name in file.names where !name.hasPrefix("special:") { _ = try file.parameter(named: name) }
            return ""
        } catch { return "\(error)" }
    }
}

@Suite struct MarianFileTests {
    @Test func numbersAreWhatTheFormatSays() throws {
        let file = try MarianFile(Container.sample.bytes, source: "FILE")
        #expect(file.names == ["Wemb", "W", "b", "special:model.yml"])
        let matrix = try file.parameter(named: "W")
        #expect(matrix.format == .int8)
        #expect(matrix.shape == [2, 3] && matrix.tensor.values == [0.25, 0.5, 0.75, 1, 1.25, 1.5])
        // The words lie as their shape says.
        let words = try file.parameter(named: "Wemb")
        #expect(words.shape == [3, 2] && words.tensor.values == [0.5, 1, 1.5, 2, 2.5, -3])
        let vector = try file.parameter(named: "b")
        #expect(vector.shape == [1, 3] && vector.tensor.values == [0.5, -1.5, 2.5])
        #expect(try file.text(named: "special:model.yml") == "a: b")
        #expect(try file.text(named: "special:other") == nil)
    }

    @Test func partsOfAVocabularyStayAsTheyAreStored() throws {
        let words = try MarianFile(Container.sample.bytes, source: "FILE").parameter(named: "Wemb")
        let chosen = try words.selecting([2, 0])
        #expect(chosen.format == .int8 && chosen.shape == [2, 2])
        #expect(chosen.tensor.values == [2.5, -3, 0.5, 1])
        #expect(throws: ShapeError.self) { try words.selecting([3]) }
        let floats = Parameter(try Tensor([1, 2, 3, 4], shape: [2, 2]))
        #expect(try floats.selecting([1, 1]).tensor.values == [3, 4, 3, 4])
    }

    @Test func damageIsNamed() {
        func complaint(_ change: (inout Container) -> Void) -> String {
            var container = Container.sample
            change(&container)
            return container.complaint()
        }
        let end = "; the file is damaged or of another kind: copy it again, or take another"
        #expect(complaint { _ in } == "")
        #expect(complaint { $0.version = 2 } == "marian: expected version 1 at the start in FILE, found 2" + end)
        #expect(
            complaint { $0.items[2].type = 0x0402 }
                == "marian: expected float32 (0x404), integers with a scale (0x4101) or bytes (0x101) as b in FILE, found type 0x402; "
                + "convert the model to one of these")
        #expect(
            complaint { $0.items[1].name = "b" } == "marian: expected each name once in FILE, found b twice" + end)
        #expect(
            complaint { $0.items[2].sizes = [1, 4] }
                == "marian: expected at least 16 bytes for b [1, 4] in FILE, found 12" + end)
        #expect(
            complaint { $0.items[2].sizes = [-1, 3] } == "marian: expected sizes of b from 0 up in FILE, found -1" + end
        )
        #expect(
            complaint { $0.items[2].sizes = [.max, .max, .max] }
                == "marian: expected sizes of memory for b in FILE, found [2147483647, 2147483647, 2147483647]" + end)
        #expect(
            complaint { $0.items[1].data.replaceSubrange(6..<10, with: [0, 0, 0, 0]) }
                == "marian: expected a scale above 0 as W in FILE, found 0.0; take the file that belongs here")
        #expect(complaint { $0.items[2].sizes = [0, 3] } == "")
        #expect { try MarianFile(Container.sample.bytes + [0], source: "FILE") } throws: {
            "\($0)".contains("bytes as its items say")
        }
        #expect { try MarianFile(Container.sample.bytes, source: "FILE").parameter(named: "c") } throws: {
            "\($0)".hasPrefix("marian: expected an item c in FILE, found none;")
        }
    }

    /// However short it was cut, and whatever stands in it: an error, or numbers, but no trap.
    @Test func anyBytesAreReadOrRefused() {
        let whole = Container.sample.bytes
        for count in 0..<whole.count {
            #expect(throws: MarianFileError.self) { try MarianFile(Array(whole[..<count]), source: "FILE") }
        }
        var generator = RandomKey(seed: 15).generator()
        var readCount = 0
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let file = try? MarianFile(bytes, source: "FILE") else { continue }
            readCount += 1
            for name in file.names {
                _ = (try? file.parameter(named: name))?.tensor.values
                _ = try? file.text(named: name)
            }
        }
        #expect(readCount > 100)
    }
}
