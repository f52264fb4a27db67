import AttentionFiles
import AttentionTensors
import FoundationEssentials
import Glibc
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -2...2, key: RandomKey(seed: seed))
}

private struct Map: Module {
    var weight: Parameter
    var bias: Parameter

    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
    }
}

/// A path nobody else uses, removed after `body`.
private func withTemporaryFile(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/\(UInt64.random(in: 0 ... .max)).safetensors"
    defer { unlink(path) }
    try body(path)
}

@Suite struct ParameterFileTests {
    private let map = Map(weight: Parameter(random([30, 20], 1)), bias: Parameter(random([30], 2), role: .buffer))
    private let blank = Map(
        weight: Parameter(.zeros([30, 20]), role: .frozen), bias: Parameter(.zeros([30]), role: .buffer))

    /// Numbers stay in the file, in the format they have there, and are saved in it again, byte for byte.
    @Test(arguments: Parameter.Format.allCases)
    func numbersStayInTheFile(_ format: Parameter.Format) throws {
        try withTemporaryFile { path in
            try map.save(to: path, as: format)
            let loaded = try blank.loaded(from: SafetensorsFile(path: path))
            #expect(loaded.weight.owner == .file && loaded.bias.owner == .file)
            #expect(loaded.weight.format == format)
            #expect(loaded.weight.role == .frozen && loaded.bias.role == .buffer)
            let expected = map.stored(as: format)
            #expect(loaded.weight.tensor.values == expected.weight.tensor.values)
            let x = random([9, 20], 3)
            #expect(
                try linear(x, weight: loaded.weight, bias: loaded.bias).values
                    == linear(x, weight: expected.weight, bias: expected.bias).values)

            let bytes = try FileContents.read(path)
            #expect(try Safetensors.encoded(loaded.entries()) == bytes)
            #expect(try Safetensors.encoded(expected.entries()) == bytes)
            #expect(try Safetensors.encoded(map.entries(as: format)) == bytes)
            #expect(try Safetensors.encoded(loaded.entries(as: format)) == bytes)
        }
    }

    /// A parameter that is written to leaves the file for memory; the file and what else was loaded from it stay as they are.
    @Test(arguments: Parameter.Format.allCases)
    func writingLeavesTheFileAlone(_ format: Parameter.Format) throws {
        try withTemporaryFile { path in
            try map.save(to: path, as: format)
            let bytes = try FileContents.read(path)
            let loaded = try blank.loaded(from: SafetensorsFile(path: path))
            var changed = loaded
            changed.weight.withMutableElements { $0[0] = 99 }
            #expect(changed.weight.owner == .memory && changed.weight.tensor.values[0] == 99)
            #expect(loaded.weight.tensor.values[0] != 99)
            #expect(try FileContents.read(path) == bytes)
        }
    }

    /// Bytes that are not where numbers of their size can be read are moved.
    @Test func unalignedNumbersAreMoved() throws {
        let odd = try Safetensors.Entry("a", [Int8(1)], shape: [1])
        let entries = [odd] + map.stored(as: .bfloat16).entries(at: ParameterPath("b"))
        let file = try SafetensorsFile(try Safetensors.encoded(entries), source: "memory")
        let loaded = try blank.loaded(from: file, at: ParameterPath("b")) { $0 == "a" }
        #expect(loaded.weight.tensor.values == map.stored(as: .bfloat16).weight.tensor.values)
        #expect(loaded.weight.owner == .memory)
    }

    /// Views are saved as what they show.
    @Test(arguments: Parameter.Format.allCases)
    func viewsAreSavedAsTheyLook(_ format: Parameter.Format) throws {
        let whole = Parameter(random([6, 8], 4)).stored(as: format)
        for view in [try whole.sliced(axis: 0, 2..<5), whole.transposed(), try whole.reshaped(to: [12, 4])] {
            let file = try SafetensorsFile(
                try Safetensors.encoded(Map(weight: view, bias: map.bias).entries()), source: "memory")
            let found = try file.parameter(named: "weight").tensor
            let step: Float = format == .int8 ? 2.0 / 127 : 0
            #expect(zip(found.values, view.tensor.values).allSatisfy { abs($0 - $1) <= step })
        }
    }

    @Test func scalesMustBeAsManyAsRows() throws {
        let entries = [
            try Safetensors.Entry("weight", [Int8](repeating: 1, count: 600), shape: [30, 20]),
            Safetensors.Entry("weight_scale", .ones([29])), Safetensors.Entry("bias", .zeros([30])),
        ]
        let file = try SafetensorsFile(try Safetensors.encoded(entries), source: "memory")
        let error = #expect(throws: SafetensorsError.self) { try blank.loaded(from: file) }
        #expect(
            error?.description
                == "safetensors: expected 30 scales, one for each row of weight as weight_scale in memory, found 29; "
                + "read it as what it is, or take the file that belongs here")
    }

    /// What is loaded stays as it is stored, even when products have laid it out.
    @Test func loadedNumbersStayAsTheyAre() throws {
        let large = Parameter(.ones([1000, 1000]))
        let model = Map(weight: large.stored(as: .bfloat16), bias: large)
        let file = try SafetensorsFile(try Safetensors.encoded(model.entries()), source: "memory")
        let loaded = try Map(weight: large, bias: large).loaded(from: file)
        #expect(loaded.weight.format == .bfloat16 && loaded.weight.byteCount == 2_000_000)
        #expect(loaded.weight.packedByteCount == 0)
        _ = try linear(.ones([40, 1000]), weight: loaded.weight)
        #expect(loaded.weight.packedByteCount > 0 && loaded.weight.format == .bfloat16)
    }
}
