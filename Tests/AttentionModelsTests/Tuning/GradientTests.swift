import AttentionModels
import AttentionTensors
import Testing

/// The gradient of a whole BERT is PyTorch's; `scripts/make-tuning-fixtures.py` computed it in double precision.
@Suite struct GradientTests {
    @Test func everyParameterHasTheReferencesGradient() throws {
        let root = PretrainedReferenceTests.root + "/bert-classes"
        let folder = try PretrainedFolder(path: root)
        let expected = try SafetensorsFile(path: AdapterFolderTests.root + "gradients/expected.safetensors")
        let inputs = try SafetensorsFile(path: root + "/inputs.safetensors")
        let model = try folder.encoder(for: .sequences).tracked()
        let loss = try model.forward(inputs, observing: .nothing)[0].tensor.crossEntropy(targets: [2, 0, 1])
        let wanted = try expected.tensor(named: "loss").values[0]
        #expect(abs(loss.scalar - wanted) <= 1e-5 * wanted)
        let gradients = try loss.gradients()
        // Written as a model, the gradients have the names that the reference gives them.
        let named = model.mapParameters { _, parameter in
            Parameter(gradients[parameter] ?? .zeros(parameter.shape))
        }
        let found = try folder.tensors(of: named, as: .sequences)
        #expect(Set(found.map(\.name)).union(["loss"]) == Set(expected.names))
        for found in found {
            let (name, tensor) = (found.name, found.tensor)
            let reference = try expected.tensor(named: name).values
            let largest = reference.map(abs).max() ?? 0
            for (x, y) in zip(tensor.values, reference) {
                #expect(abs(x - y) <= 1e-5 * max(largest, 1e-2), "\(name): \(x) instead of \(y)")
            }
        }
    }
}
