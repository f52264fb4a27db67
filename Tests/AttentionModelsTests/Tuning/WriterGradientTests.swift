import AttentionFiles
import AttentionLayers
import AttentionModels
import AttentionTensors
import Testing

/// The gradients of whole models that write are PyTorch's, tied words included; `scripts/make-writer-gradients.py` computed them in double precision.
@Suite struct WriterGradientTests {
    private static let fixtures = PretrainedReferenceTests.root + "/.."

    @Test func languageModelsHaveTheReferencesGradient() throws {
        let start = try TrainableModel<CausalLanguageModel>(
            try PretrainedFolder(path: Self.fixtures + "/Pretrained/gpt2"))
        let model = start.model.tracked()
        let size = model.vocabularySize
        let rows = [(3..<9).map { $0 * 5 % size }, (4..<10).map { $0 * 3 % size }]
        let loss = try model.loss(
            TokenBatch(rows.map { Array($0.dropLast()) }, padding: 0),
            targets: rows.flatMap { $0.dropFirst().map { $0 } })
        try compare(loss, model, start, "gpt2")
    }

    @Test func encoderDecodersHaveTheReferencesGradient() throws {
        let start = try TrainableModel<EncoderDecoder<TransformerDecoderLayer>>(
            try PretrainedFolder(path: Self.fixtures + "/EncoderDecoders/t5"))
        let model = start.model.tracked()
        let size = model.vocabularySize
        let pairs = [
            (source: (3..<9).map { $0 * 5 % size }, target: [7 % size, 4 % size, 1]),
            (source: (4..<10).map { $0 * 3 % size }, target: [9 % size, 5 % size, 1]),
        ]
        let special = SpecialTokens(
            padding: 0, start: try start.fields.integer("decoder_start_token_id", default: 0), end: 1)
        try compare(try model.loss(SequencePairBatch(pairs, special: special)), model, start, "t5")
    }

    private func compare<Model: PretrainedModel>(
        _ loss: Tensor, _ model: Model, _ start: TrainableModel<Model>, _ name: String
    ) throws {
        let expected = try SafetensorsFile(path: AdapterFolderTests.root + "gradients-\(name)/expected.safetensors")
        let wanted = try expected.tensor(named: "loss").values[0]
        #expect(abs(loss.scalar - wanted) <= 1e-5 * wanted, "\(loss.scalar) instead of \(wanted)")
        let gradients = try loss.gradients()
        // Written as a model, the gradients have the names that the reference gives them.
        let named = model.mapParameters { _, parameter in
            Parameter(gradients[parameter] ?? .zeros(parameter.shape))
        }
        let found = try start.tensors(of: named)
        #expect(Set(found.map(\.name)).union(["loss"]) == Set(expected.names))
        for found in found where expected.contains(found.name) {
            let reference = try expected.tensor(named: found.name).values
            let largest = reference.map(abs).max() ?? 0
            #expect(found.tensor.values.count == reference.count)
            for (x, y) in zip(found.tensor.values, reference) {
                #expect(abs(x - y) <= 2e-5 * max(largest, 1e-2), "\(found.name): \(x) instead of \(y)")
            }
        }
    }
}
