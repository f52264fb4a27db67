import AttentionFiles
import AttentionTensors
import FoundationEssentials
import Glibc
import Testing

private struct Layer: Module {
    var weight: Parameter
    var bias: Parameter?

    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
    }
}

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -9...9, key: RandomKey(seed: seed))
}

/// A path nobody else uses, removed after `body`.
private func withTemporaryFile(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/\(UInt64.random(in: 0 ... .max)).safetensors"
    defer { unlink(path) }
    try body(path)
}

@Suite struct SafetensorsTests {
    @Test func bytesAreThoseOfTheFormat() throws {
        let tensors: [(name: String, tensor: Tensor)] = [("b", Tensor(1)), ("a", try Tensor([2, 3], shape: [1, 2]))]
        let header =
            #"{"__metadata__":{"i":"1","n\u000a":"\"\\é"},"a":{"dtype":"BF16","shape":[1,2],"data_offsets":[0,4]},"#
            + #""b":{"dtype":"BF16","shape":[],"data_offsets":[4,6]}}      "#
        let bytes = try Safetensors.encoded(tensors, as: .bfloat16, metadata: ["n\n": "\"\\é", "i": "1"])
        #expect(
            bytes == [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + header.utf8 + [0, 0x40, 0x40, 0x40, 0x80, 0x3f])
        #expect(header.utf8.count % 8 == 0)
    }

    @Test(arguments: Safetensors.Precision.allCases)
    func savedTensorsComeBack(precision: Safetensors.Precision) throws {
        let tensors: [(name: String, tensor: Tensor)] = [
            ("matrix", random([300, 257], 1)), ("view", random([5, 7], 2).transposed()), ("scalar", Tensor(-3)),
            ("empty", .zeros([0, 4])), ("é\n\"", random([3], 3)),
        ]
        let tolerance: Float = [.float32: 0, .bfloat16: 0x1p-8, .float16: 0x1p-11][precision] ?? 0
        try withTemporaryFile { path in
            try Safetensors.write(tensors, as: precision, metadata: ["step": "7"], to: path)
            #expect(try FileContents.read(path) == Safetensors.encoded(tensors, as: precision, metadata: ["step": "7"]))
            let file = try SafetensorsFile(path: path)
            #expect(file.metadata == ["step": "7"])
            #expect(file.names.sorted() == tensors.map(\.name).sorted())
            for (name, tensor) in tensors {
                let read = try file.tensor(named: name)
                #expect(read.shape == tensor.shape)
                #expect(zip(read.values, tensor.values).allSatisfy { abs($0 - $1) <= tolerance * abs($1) }, "\(name)")
            }
        }
    }

    @Test func theOrderOfTensorsDoesNotMatter() throws {
        let tensors = (0..<20).map { (name: "t\($0)", tensor: random([$0, 2], UInt64($0))) }
        #expect(try Safetensors.encoded(tensors) == Safetensors.encoded(tensors.shuffled()))
    }

    @Test func aNameMayStandOnce() throws {
        let error = #expect(throws: SafetensorsError.self) {
            try Safetensors.write([("a", Tensor(1)), ("a", Tensor(2))], to: "/tmp/never-written")
        }
        #expect(
            error?.description
                == "save: expected tensors with names of their own for /tmp/never-written, found a more than once or reserved; "
                + "give each tensor another name")
        #expect(throws: SafetensorsError.self) { try Safetensors.encoded([("__metadata__", Tensor(1))]) }
    }

    @Test func anOpenFileOutlivesItsReplacement() throws {
        try withTemporaryFile { path in
            try Safetensors.write([("a", .ones([100_000]))], to: path)
            let old = try SafetensorsFile(path: path)
            try Safetensors.write([("a", Tensor(2))], to: path)
            #expect(try old.tensor(named: "a").values.allSatisfy { $0 == 1 })
            #expect(try SafetensorsFile(path: path).tensor(named: "a").scalar == 2)
        }
    }

    @Test func aFolderThatIsMissingIsNamed() {
        #expect(throws: SafetensorsError.file(FileError(.save, path: "/no/such/model.safetensors", code: 2))) {
            try Safetensors.write([], to: "/no/such/model.safetensors")
        }
    }

    @Test func modulesAreSavedAndLoaded() throws {
        let layers = [
            Layer(weight: Parameter(random([2, 3], 1)), bias: Parameter(random([2], 2))),
            Layer(weight: Parameter(random([1, 2], 3)), bias: nil),
        ]
        try withTemporaryFile { path in
            try layers.save(to: path)
            let file = try SafetensorsFile(path: path)
            #expect(file.names == ["0.bias", "0.weight", "1.weight"])
            let blank = layers.mapTensors { .zeros($1.shape) }
            let loaded = try blank.loaded(from: file)
            #expect(
                loaded.parameters().map(\.parameter.tensor.values) == layers.parameters().map(\.parameter.tensor.values)
            )
            #expect(
                try blank[1].loaded(from: file, at: ParameterPath("1"), ignoring: { $0.hasPrefix("0.") }).weight.tensor
                    .values
                    == layers[1].weight.tensor.values)
        }
    }

    @Test func modulesThatDoNotFitAreToldApart() throws {
        let saved = Layer(weight: Parameter(random([2, 3], 1)), bias: nil)
        let bytes = try Safetensors.encoded(saved.entries() + [Safetensors.Entry("extra", Tensor(1))])
        let file = try SafetensorsFile(bytes, source: "model.safetensors")
        let wanted = Layer(weight: Parameter(.zeros([3, 2])), bias: Parameter(.zeros([3])))
        let error = #expect(throws: SafetensorsError.self) { try wanted.loaded(from: file) }
        #expect(
            error?.description
                == "safetensors: expected the parameters of the model in model.safetensors, found 1 of another shape "
                + "(weight: expected [3, 2], found [2, 3]), 1 missing (bias), 1 unexpected (extra); "
                + "take the configuration and the parameters from the same training")
    }
}

@Suite struct SafetensorsEntryTests {
    @Test func entriesOfEveryTypeComeBack() throws {
        let mask = try Mask([true, false, true], shape: [3])
        let entries = [
            try Safetensors.Entry("wide", [Int.min, -1, .max], shape: [3, 1]),
            try Safetensors.Entry("int64", [Int64(7)], shape: []),
            try Safetensors.Entry("int32", [Int32.min, 5], shape: [2]),
            try Safetensors.Entry("int16", [Int16(-300)], shape: [1]),
            try Safetensors.Entry("int8", [Int8(-3)], shape: [1]),
            try Safetensors.Entry("uint8", [UInt8](0...255), shape: [16, 16]), Safetensors.Entry("mask", mask),
            try Safetensors.Entry("double", [0.1, -.infinity], shape: [2]),
            Safetensors.Entry("real", random([2, 3], 1)),
            Safetensors.Entry("half", Tensor(0.5), as: .float16),
            try Safetensors.Entry("none", [Int](), shape: [0, 2]),
        ]
        try withTemporaryFile { path in
            try Safetensors.write(entries, to: path)
            #expect(try FileContents.read(path) == Safetensors.encoded(entries))
            let file = try SafetensorsFile(path: path)
            #expect(file.names == entries.map(\.name).sorted())
            for entry in entries {
                #expect(try file.shape(of: entry.name) == entry.shape)
                #expect(try file.elementType(of: entry.name) == entry.elementType)
            }
            #expect(try file.integers(named: "wide") == [.min, -1, .max])
            #expect(try file.integers(named: "int32") == [Int(Int32.min), 5])
            #expect(try file.integers(named: "int16") == [-300])
            #expect(try file.integers(named: "int8") == [-3])
            #expect(try file.integers(named: "uint8") == Array(0...255))
            #expect(try file.booleans(named: "mask") == mask)
            #expect(try file.tensor(named: "double").values == [0.1, -.infinity])
            #expect(try file.tensor(named: "real").values == random([2, 3], 1).values)
            #expect(try file.integers(named: "none").isEmpty)
        }
    }

    @Test func countsMustFitTheShape() {
        #expect(throws: ShapeError("Entry", expected: "4 numbers for [2, 2]", found: "3")) {
            try Safetensors.Entry("x", [1, 2, 3], shape: [2, 2])
        }
    }
}
