import AttentionFiles
import AttentionLayers
import AttentionModels
import AttentionTensors
import Foundation
import Testing

/// What is trained is written as a folder that gives the same outputs again, whatever the family.
@Suite struct TrainableModelTests {
    private static let decoders = [
        "gpt2", "gpt-neox", "llama", "mistral", "qwen2", "qwen3", "gemma3", "olmo2", "phi3", "mpt",
    ]
    private static let encoderDecoders = ["t5", "t5-gated", "mt5", "bart", "mbart", "pegasus", "marian", "m2m_100"]

    private func withFolder(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "trainable-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func check(_ path: String, written: (PretrainedFolder, String) throws -> Void) throws {
        try withFolder { copy in
            let folder = try PretrainedFolder(path: path)
            try written(folder, copy)
            let inputs = try SafetensorsFile(path: path + "/inputs.safetensors")
            let before = try folder.model().forward(inputs, observing: .nothing)[0].tensor.values
            let after = try PretrainedFolder(path: copy).model().forward(inputs, observing: .nothing)[0].tensor.values
            #expect(before.count == after.count)
            #expect(zip(before, after).allSatisfy { abs($0 - $1) <= 1e-5 * (1 + abs($0)) })
        }
    }

    @Test(arguments: decoders) func decodersAreWritten(_ name: String) throws {
        try check(PretrainedReferenceTests.root + "/" + name) { folder, copy in
            let start = try TrainableModel<CausalLanguageModel>(folder)
            try start.write(start.model, to: copy)
        }
    }

    @Test(arguments: encoderDecoders) func encoderDecodersAreWritten(_ name: String) throws {
        try check(PretrainedReferenceTests.root + "/../EncoderDecoders/" + name) { folder, copy in
            let start = try TrainableModel<EncoderDecoder<TransformerDecoderLayer>>(folder)
            try start.write(start.model, to: copy)
        }
    }

    /// transformers wants numbers with a point where it had written them so.
    @Test func configurationsKeepTheirPoints() throws {
        try withFolder { copy in
            let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/../EncoderDecoders/t5")
            let start = try TrainableModel<EncoderDecoder<TransformerDecoderLayer>>(folder)
            try start.write(start.model, to: copy)
            let text = String(decoding: try FileContents.read(copy + "/config.json"), as: UTF8.self)
            #expect(text.contains("\"initializer_factor\" : 1.0,") && text.contains("\"num_layers\" : 2,"), "\(text)")
        }
    }

    /// Deviations of new parameters are those of the papers.
    @Test func parametersAreDrawnAsThePapersSay() throws {
        var sizes = GPT2.Sizes()
        (sizes.layerCount, sizes.modelSize) = (2, 64)
        let start = try TrainableModel(
            sizes, vocabularySize: 300, contextLength: 32, endToken: 0, key: RandomKey(seed: 1))
        func deviation(_ name: String, _ tensors: [NamedTensor]) throws -> Float {
            let values = try #require(tensors.first { $0.name == name }).tensor.values
            return (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
        }
        let gpt = try start.tensors(of: start.model)
        for (name, expected) in [
            ("transformer.wte.weight", 0.02), ("transformer.h.0.attn.c_attn.weight", 0.02),
            ("transformer.h.1.attn.c_proj.weight", 0.01), ("transformer.h.1.mlp.c_proj.weight", 0.01),
            ("transformer.h.0.mlp.c_fc.bias", 0), ("transformer.ln_f.weight", 1), ("transformer.h.0.ln_1.bias", 0),
        ] as [(String, Float)] {
            #expect(abs(try deviation(name, gpt) - expected) <= 0.05 * expected, "\(name)")
        }
        var t5Sizes = T5.Sizes()
        (t5Sizes.encoderLayerCount, t5Sizes.decoderLayerCount, t5Sizes.headSize) = (1, 1, 16)
        (t5Sizes.modelSize, t5Sizes.feedForwardSize) = (100, 400)
        let writer = try TrainableModel(
            t5Sizes, vocabularySize: 300, special: SpecialTokens(), prefix: "", textLength: 64, key: RandomKey(seed: 1))
        let t5 = try writer.tensors(of: writer.model)
        for (name, expected) in [
            ("shared.weight", 1), ("encoder.block.0.layer.0.SelfAttention.q.weight", 0.025),
            ("decoder.block.0.layer.1.EncDecAttention.k.weight", 0.1),
            ("decoder.block.0.layer.1.EncDecAttention.o.weight", 0.125),
            ("encoder.block.0.layer.1.DenseReluDense.wi.weight", 0.1),
            ("decoder.block.0.layer.2.DenseReluDense.wo.weight", 0.05), ("encoder.final_layer_norm.weight", 1),
        ] as [(String, Float)] {
            #expect(abs(try deviation(name, t5) - expected) <= 0.05 * expected, "\(name)")
        }
    }

    @Test func othersAreRefused() throws {
        let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/gpt2-backbone")
        #expect(throws: PretrainedError.self) { try TrainableModel<CausalLanguageModel>(folder) }
        #expect(throws: PretrainedError.self) { try TrainableModel<EncoderDecoder<TransformerDecoderLayer>>(folder) }
        #expect(throws: ConfigurationError.self) {
            var sizes = GPT2.Sizes()
            sizes.headCount = 3
            try sizes.validate()
        }
    }
}
