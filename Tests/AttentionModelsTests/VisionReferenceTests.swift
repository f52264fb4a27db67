import AttentionFiles
import AttentionModels
import AttentionTensors
import Testing

/// Models that see compute what transformers computes; `scripts/make-pretrained-fixtures.py` made the folders.
@Suite struct VisionReferenceTests {
    static let root = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/Vision"

    static func folders() throws -> [String] { try Directory.names(in: root).sorted() }

    @Test(arguments: try folders())
    func outputsAreTheReferences(_ name: String) throws {
        let folder = Self.root + "/" + name
        let model = try PretrainedFolder(path: folder).model()
        let inputs = try SafetensorsFile(path: folder + "/inputs.safetensors")
        let expected = try SafetensorsFile(path: folder + "/expected.safetensors")
        let found = try model.forward(inputs, observing: Observation(hiddenStates: true, attentions: .all))
        #expect(found.map(\.name).sorted() == expected.names.sorted())
        let side = inputs.contains("decoder_attention_mask") ? "decoder_" : ""
        let mask = side + "attention_mask"
        let present = inputs.contains(mask) ? try inputs.tensor(named: mask) : nil
        for output in found {
            let reference = try expected.tensor(named: output.name)
            try #require(output.tensor.shape == reference.shape, "\(output.name)")
            try compare(output, reference, present: isText(output.name, reference, side) ? present : nil)
        }
    }

    /// Whether it belongs to ids, some of which may be padding.
    private func isText(_ name: String, _ reference: Tensor, _ side: String) -> Bool {
        guard reference.shape.rank > 2 else { return false }
        return ["text_", "decoder_", "cross_", "logits"].contains { name.hasPrefix($0) }
    }

    /// What stands at padding says nothing: rows of ids, queries of attention.
    private func compare(_ output: NamedTensor, _ reference: Tensor, present: Tensor?) throws {
        let axis = output.name.contains("attentions") ? 2 : 1
        let inner = present == nil ? 1 : reference.shape.dimensions[(axis + 1)...].reduce(1, *)
        for (index, (x, y)) in zip(output.tensor.values, reference.values).enumerated() {
            if let present {
                let row = index / (reference.shape.elementCount / reference.shape[0])
                guard present[row, index / inner % reference.shape[axis]] == 1 else { continue }
            }
            #expect(abs(x - y) <= 1e-5 * (1 + abs(y)), "\(output.name) at \(index): \(x) instead of \(y)")
            guard abs(x - y) <= 1e-5 * (1 + abs(y)) else { break }
        }
    }

    @Test func picturesOfAnotherSizeAreRefused() throws {
        let model = try PretrainedFolder(path: Self.root + "/vit").model()
        let bytes = try Safetensors.encoded([Safetensors.Entry("pixel_values", Tensor.zeros([1, 3, 4, 6]))])
        #expect {
            try model.forward(SafetensorsFile(bytes, source: "inputs"), observing: .nothing)
        } throws: {
            "\($0)".contains("expected pictures [B, 3, 6, 4], found [1, 3, 4, 6]")
        }
    }
}
