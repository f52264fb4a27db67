import AttentionFiles
import AttentionModels
import AttentionTensors
import Foundation
import Testing

/// GGUF files compute what transformers computes from the dequantised weights; `scripts/make-gguf-fixtures.py` made both.
@Suite struct GGUFTests {
    static let root = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/GGUF"

    static func names() throws -> [String] { try Directory.names(in: root).sorted() }

    private func model(_ name: String) throws -> any PretrainedModel {
        try PretrainedFolder(path: Self.root + "/\(name)/model.gguf").model()
    }

    private func logits(_ model: any PretrainedModel, _ ids: [Int], rows: Int = 1) throws -> [Float] {
        let entry = try Safetensors.Entry("input_ids", ids, shape: [rows, ids.count / rows])
        let inputs = try SafetensorsFile(try Safetensors.encoded([entry]), source: "inputs")
        return try model.forward(inputs, observing: .nothing)[0].tensor.values
    }

    @Test func thereAreFiles() throws { #expect(try Self.names().count == 8) }

    @Test(arguments: try names())
    func logitsAreTheReferences(_ name: String) throws {
        let expected = try SafetensorsFile(path: Self.root + "/\(name)/expected.safetensors")
        let (ids, values) = (try expected.integers(named: "input_ids"), try expected.tensor(named: "logits").values)
        let model = try model(name)
        for precision in [Precision.exact, .float32] {
            let found = try withPrecision(precision) { try logits(model, ids, rows: 2) }
            #expect(found.count == values.count)
            let worst = zip(found, values).map { abs($0 - $1) / (1 + abs($1)) }.max() ?? 1
            #expect(worst <= 2e-5, "\(name) at \(precision): \(worst)")
        }
        // Nothing was widened for good.
        for parameter in model.parameters() {
            if case .blocks = parameter.parameter.format { #expect(parameter.parameter.packedByteCount == 0) }
        }
    }

    /// Rows together are rows alone, and cached steps are the whole.
    @Test(arguments: try names())
    func batchesAndStepsAreTheSame(_ name: String) throws {
        let model = try model(name)
        let (first, second) = ([5, 6, 7, 8, 9], [10, 11, 12, 13, 14])
        let alone = try withPrecision(.exact) { try logits(model, first) }
        let together = try withPrecision(.exact) { try logits(model, first + second, rows: 2) }
        #expect(zip(alone, together).allSatisfy { abs($0 - $1) <= 1e-5 })
        let language = try #require(model.languageModel)
        let (whole, steps) = (
            try language.logProbabilities(of: first + second),
            try language.logProbabilities(of: first + second, chunkLength: 1)
        )
        #expect(zip(whole, steps).allSatisfy { abs($0 - $1) <= 1e-4 })
    }

    @Test func weightsStayAsTheyAreStored() throws {
        let formats = Set(try model("llama").parameters().map { $0.parameter.format.rawValue })
        #expect(formats == ["q8_0", "q4_0", "float16", "q5_0", "q4_1", "bfloat16", "float32", "q5_1"])
        let large = Set(try model("llama-k").parameters().map { $0.parameter.format.rawValue })
        #expect(large == ["q4_k", "q5_k", "q6_k", "float32"])
        let words = try #require(try model("qwen2").parameters().first { $0.name == "decoder.words.weight" })
        #expect(words.parameter.owner == .file)
    }

    @Test func whatIsNotReadIsNamed() throws {
        var bytes = try FileContents.read(Self.root + "/qwen2/model.gguf")
        func replace(_ text: String, _ other: String) throws {
            let place = try #require(bytes.firstRange(of: Array(text.utf8)))
            bytes.replaceSubrange(place, with: Array(other.utf8))
        }
        try replace("qwen2", "qwenX")
        #expect(throws: PretrainedError.self) { try PretrainedFolder(GGUFFile(bytes, source: "FILE")) }
        bytes = try FileContents.read(Self.root + "/qwen2/model.gguf")
        // The type of the first tensor, behind its name, its rank and two sizes.
        let name = try #require(bytes.firstRange(of: Array("token_embd.weight".utf8)))
        bytes[name.upperBound + 4 + 16] = 20
        let error = #expect(throws: GGUFError.self) { try PretrainedFolder(GGUFFile(bytes, source: "FILE")) }
        #expect(
            error?.description
                == "gguf: expected numbers of F32, BF16, F16, Q4_0, Q4_1, Q4_K, Q5_0, Q5_1, Q5_K, Q6_K, Q8_0 as token_embd.weight "
                + "in FILE, found IQ4_NL; take the same model in one of these types", "\(error.map { "\($0)" } ?? "")")
    }

    /// A model in blocks, written as a folder, is the model that it was made of as near as its blocks.
    @Test(arguments: ["llama", "gemma2", "qwen2", "gpt2", "gpt-neox", "phi3"], [BlockFormat.q80, .q40])
    func quantizedFoldersAreReadAgain(_ name: String, _ format: BlockFormat) throws {
        let source =
            ["gpt2", "gpt-neox"].contains(name)
            ? PretrainedReferenceTests.root + "/" + name : Self.root + "/\(name)/model.gguf"
        let directory = "/tmp/attention-quantized-\(name)-\(format.rawValue)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let folder = try PretrainedFolder(path: source)
        try folder.writeQuantized(LayerFormats(rest: format), noting: format, to: directory)
        let again = try PretrainedFolder(path: directory)
        let ids = [5, 6, 7, 8, 9, 10]
        let (found, expected) = (
            try logits(again.model(), ids), try logits(folder.model().inBlocks(format), ids)
        )
        #expect(found == expected)
    }
}

extension PretrainedModel {
    fileprivate func inBlocks(_ format: BlockFormat) -> any PretrainedModel { quantized(format) }
}
