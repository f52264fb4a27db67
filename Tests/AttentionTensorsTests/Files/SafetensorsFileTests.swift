import AttentionFiles
import AttentionTensors
import Testing

/// Fixtures: scripts/make-safetensors-fixtures.py.
private func fixture(_ name: String) -> String {
    let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(tests)/Fixtures/Safetensors/\(name).safetensors"
}

/// A file of this header, with `dataSize` zero bytes behind it.
private func file(_ header: String, dataSize: Int = 0) throws(SafetensorsError) -> SafetensorsFile {
    let prefix = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    return try SafetensorsFile(prefix + header.utf8 + [UInt8](repeating: 0, count: dataSize), source: "it")
}

@Suite struct SafetensorsFileTests {
    static let reals: [Float] = [0, -0.0, 1, -1.5, 3.140625, 0x1p-14, 40960, .infinity]

    @Test func readsEveryTypeOfTheReferenceLibrary() throws {
        let file = try SafetensorsFile(path: fixture("every-type"))
        #expect(
            file.names.sorted() == [
                #"a "name" \ é 🙂"#, "bf16", "bool", "empty", "f16", "f32", "f64", "i16", "i32", "i64", "i8", "scalar",
                "u8",
            ])
        for name in ["f64", "f32", "f16", "bf16"] {
            let tensor = try file.tensor(named: name)
            #expect(tensor.shape == [2, 4])
            #expect(tensor.values.map(\.bitPattern) == Self.reals.map { Float($0).bitPattern }, "\(name)")
            #expect(try file.elementType(of: name).rawValue == name.uppercased())
        }
        #expect(try file.integers(named: "i64") == [0, -1, 1 << 62, .min])
        #expect(try file.integers(named: "i32") == [0, -1, Int(Int32.max), Int(Int32.min)])
        #expect(try file.integers(named: "i16") == [0, -1, 32767, -32768])
        #expect(try file.integers(named: "i8") == [0, -1, 127, -128])
        #expect(try file.integers(named: "u8") == [0, 1, 127, 255])
        #expect(try file.integers(named: #"a "name" \ é 🙂"#) == [7])
        #expect(try file.booleans(named: "bool") == Mask([true, false, true], shape: [3, 1]))
        #expect(try file.shape(of: "i16") == [4, 1])
        #expect(try file.tensor(named: "i8").values == [0, -1, 127, -128])
        #expect(try file.tensor(named: "i64").values == [0, -1, 0x1p62, -0x1p63])
        #expect(try file.tensor(named: "bool").values == [1, 0, 1])
        #expect(try file.tensor(named: "scalar").scalar == 2.5)
        #expect(try file.tensor(named: "empty").shape == [3, 0])
    }

    @Test func readsRowsAlone() throws {
        let halves = try Tensor([0.5, 1, 1.5, 2, 2.5, 3], shape: [3, 2])
        let file = try SafetensorsFile(
            try Safetensors.encoded([
                try Safetensors.Entry("numbers", [1, 2, 3, 4, 5, 6] as [Int32], shape: [3, 2]),
                Safetensors.Entry("halves", halves, as: .float16),
            ]), source: "it")
        #expect(try file.integers(named: "numbers", rows: 1..<3) == [3, 4, 5, 6])
        #expect(try file.integers(named: "numbers", rows: 3..<3) == [])
        let last = try file.tensor(named: "halves", rows: 2..<3)
        #expect(last.shape == [1, 2] && last.values == [2.5, 3])
        #expect(
            throws: SafetensorsError.unfit(
                name: "numbers", source: "it", expected: "rows up to 4", found: "[3, 2]")
        ) { try file.integers(named: "numbers", rows: 2..<4) }
    }

    @Test func readsMetadata() throws {
        #expect(
            try SafetensorsFile(path: fixture("every-type")).metadata == [
                "plain": "text", "escapes": "line\nquote \" backslash \\ tab \t bell \u{7}", "unicode": "é 🙂",
            ])
        #expect(try file(#"{"__metadata__":{"x":"\u00e9\ud83d\ude42\/\b\f\r"}}"#).metadata["x"] == "é🙂/\u{8}\u{c}\r")
    }

    @Test func readsAFileOfNothing() throws {
        let file = try SafetensorsFile(path: fixture("nothing"))
        #expect(file.names.isEmpty && file.metadata.isEmpty)
    }

    @Test func readsFromMemoryAsFromDisk() throws {
        let bytes = try FileContents.read(fixture("every-type"))
        let expected = try SafetensorsFile(path: fixture("every-type")).tensor(named: "bf16").values
        #expect(try SafetensorsFile(bytes, source: "memory").tensor(named: "bf16").values == expected)
        try bytes.withUnsafeBytes { bytes in
            let file = try SafetensorsFile(permanent: bytes, source: "program")
            #expect(try file.tensor(named: "bf16").values == expected)
        }
    }

    @Test func readsTensorsThatAreNotAligned() throws {
        let header =
            #"{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
            + #""f":{"dtype":"F32","shape":[1],"data_offsets":[1,5]},"h":{"dtype":"F16","shape":[1],"data_offsets":[5,7]}}"#
        let bytes = [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + header.utf8 + [9, 0, 0, 0x80, 0x3f, 0, 0x40]
        let file = try SafetensorsFile(bytes, source: "it")
        #expect(try file.tensor(named: "f").values == [1])
        #expect(try file.tensor(named: "h").values == [2])
    }

    @Test(arguments: [
        ("", "a header that begins with {", "something else"),
        (" {}", "a header that begins with {", "something else"),
        ("{", "a key in quotes before byte 1 of the header", "the end"),
        ("{}x", "the end of the document before byte 2 of the header", "'x'"),
        (#"{"a":1}"#, "an object for a before byte 6 of the header", "the number 1"),
        (#"{"a":{}}"#, "dtype, shape and data_offsets of a before byte 7 of the header", "not all of them"),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
            "as many bytes for a as [2] elements of F32 take before byte 53 of the header", "4 bytes"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}"#,
            "as many bytes for a as [4611686018427387904, 4, 0] elements of U8 take before byte 74 of the header",
            "0 bytes"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}"#,
            "a start and an end as data_offsets of a before byte 52 of the header", "[4, 0]"
        ),
        (#"{"a":{"dtype":"F32","dtype":"F32"}}"#, "each name once before byte 27 of the header", "dtype twice"),
        (#"{"a":{"offset":0}}"#, "dtype, shape and data_offsets of a before byte 17 of the header", "offset"),
        (#"{"a":{"shape":[-1]}}"#, "counts as shape before byte 19 of the header", "the number -1"),
        (#"{"a":{"shape":[01]}}"#, "a number before byte 15 of the header", "one that begins with 0"),
        (
            #"{"a":{"shape":[99999999999999999999]}}"#, "counts as shape before byte 37 of the header",
            "the number 1e+20"
        ),
        (#"{"a":{"shape":[1.5]}}"#, "counts as shape before byte 20 of the header", "the number 1.5"),
        (#"{"\ud800":{}}"#, "a pair of surrogates before byte 8 of the header", "half of one"),
        (#"{"\x":{}}"#, #"one of " \ / b f n r t u after a backslash before byte 3 of the header"#, "'x'"),
        ("{\"a\nb\":{}}", "a control character to be escaped before byte 3 of the header", "byte 10"),
    ])
    func refusesHeaders(header: String, expected: String, found: String) {
        #expect(throws: SafetensorsError.malformed(source: "it", expected: expected, found: found)) { try file(header) }
    }

    @Test func tensorsNobodyReadsMayBeOfAnyType() throws {
        let header =
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F8_E4M3","shape":[2,3],"data_offsets":[4,10]},"#
            + #""y":{"dtype":"U16","shape":[],"data_offsets":[10,12]}}"#
        let tensors = try file(header, dataSize: 12)
        #expect(tensors.names == ["a", "x", "y"])
        #expect(try tensors.tensor(named: "a").values == [0])
        #expect(try tensors.shape(of: "x") == [2, 3])
        let unfit = SafetensorsError.unfit(
            name: "y", source: "it", expected: "one of F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL", found: "U16")
        #expect(throws: unfit) { try tensors.tensor(named: "y") }
        #expect(throws: unfit) { try tensors.integers(named: "y") }
        #expect(throws: unfit) { try tensors.elementType(of: "y") }
        #expect(throws: SafetensorsError.self) { try tensors.booleans(named: "y") }
        #expect(throws: SafetensorsError.self) {
            try file(#"{"x":{"dtype":"U64","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#)
        }
    }

    @Test func refusesGapsOverlapsAndWrongSizes() {
        func two(_ first: String, _ second: String) -> String {
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[\#(first)]},"b":{"dtype":"U8","shape":[4],"data_offsets":[\#(second)]}}"#
        }
        let begin = "b to begin where the tensor before it ends, at 4"
        #expect(throws: SafetensorsError.malformed(source: "it", expected: begin, found: "5")) {
            try file(two("0,4", "5,9"), dataSize: 9)
        }
        #expect(throws: SafetensorsError.malformed(source: "it", expected: begin, found: "3")) {
            try file(two("0,4", "3,7"), dataSize: 7)
        }
        for size in [7, 9] {
            let expected = "8 bytes of tensors after the header"
            #expect(throws: SafetensorsError.malformed(source: "it", expected: expected, found: "\(size) bytes")) {
                try file(two("0,4", "4,8"), dataSize: size)
            }
        }
    }

    @Test func refusesWhatIsNoFileOfTensors() throws {
        #expect(throws: SafetensorsError.file(FileError(.read, path: "/no/such", code: 2))) {
            try SafetensorsFile(path: "/no/such")
        }
        #expect(throws: SafetensorsError.malformed(source: "/dev/null", expected: "at least 8 bytes", found: "0 bytes"))
        {
            try SafetensorsFile(path: "/dev/null")
        }
        #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: "/tmp") }
        let long = [UInt8](repeating: 255, count: 20)
        #expect(
            throws: SafetensorsError.malformed(
                source: "it", expected: "a header of at most 100000000 bytes", found: "18446744073709551615 bytes")
        ) { try SafetensorsFile(long, source: "it") }
        let text: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff]
        #expect(
            throws: SafetensorsError.malformed(source: "it", expected: "a header in UTF-8", found: "bytes that are not")
        ) { try SafetensorsFile(text, source: "it") }
    }

    @Test func namesWhatIsAskedInVain() throws {
        let file = try SafetensorsFile(path: fixture("every-type"))
        let missing = #expect(throws: SafetensorsError.self) { try file.tensor(named: "f8") }
        #expect(
            missing?.description == "safetensors: expected a tensor f8 in \(file.source), found none; "
                + "check the name, and that the file belongs to this model")
        let unfit = #expect(throws: SafetensorsError.self) { try file.integers(named: "f32") }
        #expect(
            unfit?.description == "safetensors: expected integers as f32 in \(file.source), found F32; "
                + "read it as what it is, or take the file that belongs here")
        #expect(throws: SafetensorsError.self) { try file.booleans(named: "u8") }
        let bytes = Array(#"%.......{"b":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}"#.utf8)
        let wrong = [UInt8(bytes.count - 8), 0, 0, 0, 0, 0, 0, 0] + bytes[8...] + [2]
        let boolean = #expect(throws: SafetensorsError.self) {
            try SafetensorsFile(wrong, source: "it").booleans(named: "b")
        }
        #expect(
            boolean?.description == "safetensors: expected bytes that are 0 or 1 as b in it, found 2; "
                + "read it as what it is, or take the file that belongs here")
    }

    @Test func anyPartOfAFileIsRefused() throws {
        let bytes = try FileContents.read(fixture("every-type"))
        for count in 0..<bytes.count {
            #expect(throws: SafetensorsError.self) { try SafetensorsFile(Array(bytes[..<count]), source: "part") }
        }
    }

    @Test func damagedFilesAreRefusedOrRead() throws {
        let bytes = try FileContents.read(fixture("every-type"))
        var generator = RandomKey(seed: 17).generator()
        var refused = 0
        for _ in 0..<20_000 {
            var damaged = bytes
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                damaged[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            do {
                let file = try SafetensorsFile(damaged, source: "damaged")
                for name in file.names {
                    #expect(try file.tensor(named: name).shape == file.shape(of: name))
                }
            } catch { refused += 1 }
        }
        #expect(refused > 10_000)
    }
}
