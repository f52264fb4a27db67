import AttentionFiles
import Testing

/// A file made by hand, as the format's description has it.
private struct Container {
    struct Tensor {
        var name: String
        var sizes: [UInt64]
        var type: UInt32
        var offset: UInt64
    }

    var magic = Array("GGUF".utf8)
    var version: UInt32 = 3
    var tensorCount: UInt64?
    var pairs: [(key: String, type: UInt32, value: [UInt8])] = [
        ("general.architecture", 8, string("llama")), ("general.alignment", 4, bytes(UInt32(64))),
        ("a.count", 10, bytes(UInt64(7))), ("a.rate", 6, bytes(Float(0.5).bitPattern)), ("a.flag", 7, [1]),
        ("a.words", 9, bytes(UInt32(8)) + bytes(UInt64(2)) + string("é") + string("")),
        ("a.numbers", 9, bytes(UInt32(5)) + bytes(UInt64(2)) + bytes(Int32(-3)) + bytes(Int32(4))),
    ]
    var tensors = [
        Tensor(name: "w", sizes: [32, 2], type: 8, offset: 64), Tensor(name: "b", sizes: [3], type: 0, offset: 0),
    ]
    var data = [UInt8](repeating: 0, count: 64 + 68)

    static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<MemoryLayout<Number>.size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    static func string(_ text: String) -> [UInt8] { bytes(UInt64(text.utf8.count)) + Array(text.utf8) }

    var bytes: [UInt8] {
        var out = magic + Self.bytes(version)
        out += Self.bytes(tensorCount ?? UInt64(tensors.count)) + Self.bytes(UInt64(pairs.count))
        for pair in pairs { out += Self.string(pair.key) + Self.bytes(pair.type) + pair.value }
        for tensor in tensors {
            out += Self.string(tensor.name) + Self.bytes(UInt32(tensor.sizes.count))
            for size in tensor.sizes { out += Self.bytes(size) }
            out += Self.bytes(tensor.type) + Self.bytes(tensor.offset)
        }
        return out + [UInt8](repeating: 0, count: (64 - out.count % 64) % 64) + data
    }

    func complaint() -> String {
        do throws(GGUFError) {
            _ = try GGUFFile(bytes, source: "FILE")
            return ""
        } catch { return "\(error)" }
    }
}

@Suite struct GGUFFileTests {
    @Test func contentsAreWhatTheFormatSays() throws {
        for version in [2, 3] as [UInt32] {
            let file = try GGUFFile(Container(version: version).bytes, source: "FILE")
            #expect(file.names == ["w", "b"])
            #expect(try file.string("general.architecture") == "llama")
            #expect(try file.integer("a.count") == 7 && file.number("a.rate") == 0.5)
            #expect(try file.flag("a.flag") == true && file.string("a.other") == nil)
            #expect(try file.strings("a.words") == ["é", ""] && file.numbers("a.numbers") == [-3, 4])
            let tensor = try file.entry("w")
            #expect(tensor.sizes == [2, 32] && tensor.type.name == "Q8_0" && tensor.bytes.count == 68)
        }
    }

    @Test func damageIsTold() {
        func expectComplaint(_ sentence: String, _ change: (inout Container) -> Void) {
            var container = Container()
            change(&container)
            let complaint = container.complaint()
            #expect(complaint.hasPrefix("gguf: expected \(sentence)"), "\(complaint)")
        }
        expectComplaint("a file that begins with GGUF in FILE, found something else") { $0.magic = Array("GGML".utf8) }
        expectComplaint("version 2 or 3, little-endian in FILE, found version 1") { $0.version = 1 }
        expectComplaint("version 2 or 3, little-endian in FILE, found a big-endian file") { $0.version = 3 << 24 }
        expectComplaint("tensors within the ") { $0.tensorCount = 1 << 60 }
        expectComplaint("a type of value from 0 to 12 in FILE, found 13") { $0.pairs[0].type = 13 }
        expectComplaint("each key once in FILE, found a.rate twice") { $0.pairs[2].key = "a.rate" }
        expectComplaint("a power of two as general.alignment in FILE, found 48") {
            $0.pairs[1].value = Container.bytes(UInt32(48))
        }
        expectComplaint("a power of two as general.alignment in FILE, found 0") {
            $0.pairs[1].value = Container.bytes(UInt32(0))
        }
        expectComplaint("values of a list within the ") {
            $0.pairs[6].value = Container.bytes(UInt32(12)) + Container.bytes(UInt64.max)
        }
        expectComplaint("lists in lists at most 4 deep in FILE, found deeper ones") {
            let list = Container.bytes(UInt32(9)) + Container.bytes(UInt64(1))
            $0.pairs[6].value = list + list + list + list + list + list
        }
        expectComplaint("at most 4 axes of b in FILE, found 5") { $0.tensors[1].sizes = [1, 1, 1, 1, 1] }
        expectComplaint("axes of b that any memory could hold in FILE, found one of 0") { $0.tensors[1].sizes = [0] }
        expectComplaint("axes of b that any memory could hold in FILE, found one of 4294967296") {
            $0.tensors[1].sizes = [1 << 32, 1 << 32]
        }
        expectComplaint("a type of ggml's as that of b in FILE, found type 77") { $0.tensors[1].type = 77 }
        expectComplaint("rows of w of whole blocks of 32, as Q8_0 has them in FILE, found rows of 33") {
            $0.tensors[0].sizes = [33, 2]
        }
        expectComplaint("each tensor once in FILE, found w twice") { $0.tensors[1].name = "w" }
        expectComplaint("b at a multiple of 64 in FILE, found 4") { $0.tensors[1].offset = 4 }
        expectComplaint("w within the ") { $0.tensors[0].sizes = [32, 3] }
        expectComplaint("w within the ") { $0.tensors[0].offset = .max - 63 }
        expectComplaint("tensors beside each other in FILE, found w within b") { $0.tensors[1].sizes = [17] }
        expectComplaint("a whole model in FILE, found one part of 3") {
            $0.pairs[2] = ("split.count", 2, Container.bytes(UInt16(3)))
        }
    }

    @Test func otherValuesAreTold() throws {
        let file = try GGUFFile(Container().bytes, source: "FILE")
        let error = #expect(throws: GGUFError.self) { try file.integer("a.rate") }
        #expect(
            error?.description
                == "gguf: expected an integer as a.rate in FILE, found 0.5; take a file that was made for this kind of model"
        )
        #expect(throws: GGUFError.missing(name: "x", source: "FILE")) { try file.entry("x") }
    }

    /// Every beginning of a file, and thousands with bytes changed: an error, or a file whose tensors lie within it.
    @Test func damagedFilesNeverTrap() {
        let whole = Container().bytes
        var state: UInt64 = 1
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: state >> 33) % limit
        }
        func use(_ bytes: [UInt8]) -> Bool {
            do throws(GGUFError) {
                let file = try GGUFFile(bytes, source: "FILE")
                for name in file.names {
                    #expect(try file.entry(name).bytes.range.upperBound <= bytes.count)
                    _ = try file.entry(name).bytes.withBytes { $0.reduce(0) { $0 &+ Int($1) } }
                }
                for key in file.metadata.keys {
                    _ = try? file.strings(key)
                    _ = try? file.numbers(key)
                }
                return true
            } catch {
                _ = error.description
                return false
            }
        }
        for count in 0..<whole.count { #expect(!use(Array(whole.prefix(count)))) }
        var readCount = 0
        for _ in 0..<4000 {
            var bytes = whole
            for _ in 0...next(3) {
                let place = next(bytes.count)
                switch next(3) {
                case 0: bytes[place] = UInt8(next(256))
                case 1: bytes[place] ^= 1 << UInt8(next(8))
                default: for index in place..<min(bytes.count, place + 8) { bytes[index] = 0xFF }
                }
            }
            if use(bytes) { readCount += 1 }
        }
        #expect(readCount > 100)
    }
}
