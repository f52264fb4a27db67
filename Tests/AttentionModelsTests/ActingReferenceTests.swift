import AttentionFiles
import AttentionModels
import AttentionTensors
import Testing

/// Models that act compute what transformers computes; `scripts/make-pretrained-fixtures.py` made the folders.
@Suite struct ActingReferenceTests {
    static let root = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/Acting"

    static func folders() throws -> [String] { try Directory.names(in: root).sorted() }

    @Test(arguments: try folders(), ["", "-left"])
    func outputsAreTheReferences(_ name: String, _ side: String) throws {
        let folder = Self.root + "/" + name
        let model = try PretrainedFolder(path: folder).model()
        let inputs = try SafetensorsFile(path: folder + "/inputs\(side).safetensors")
        let expected = try SafetensorsFile(path: folder + "/expected\(side).safetensors")
        let found = try model.forward(inputs, observing: Observation(hiddenStates: true, attentions: .all))
        #expect(found.map(\.name).sorted() == expected.names.sorted())
        let present = try inputs.tensor(named: "attention_mask")
        for output in found {
            let reference = try expected.tensor(named: output.name)
            try #require(output.tensor.shape == reference.shape, "\(output.name)")
            // What stands at padding says nothing: steps, their three places, queries of attention.
            let axis = output.name.hasPrefix("attentions") ? 2 : 1
            let length = reference.shape[axis]
            let inner = reference.shape.dimensions[(axis + 1)...].reduce(1, *)
            for (index, (x, y)) in zip(output.tensor.values, reference.values).enumerated() {
                let row = index / (reference.shape.elementCount / reference.shape[0])
                guard present[row, index / inner % length / (length / present.shape[1])] == 1 else { continue }
                #expect(abs(x - y) <= 1e-5 * (1 + abs(y)), "\(output.name) at \(index): \(x) instead of \(y)")
                guard abs(x - y) <= 1e-5 * (1 + abs(y)) else { break }
            }
        }
    }

    @Test func theActionOfTheStepToDecideIsNotRead() throws {
        let model = try PretrainedFolder(path: Self.root + "/decision-transformer").model()
        func actions(_ last: Float) throws -> [Float] {
            let names = ["states": [1, 2, 3], "actions": [1, 2, 2], "returns_to_go": [1, 2, 1]]
            var entries = names.map { name, shape in Safetensors.Entry(name, Tensor.full(0.5, Shape(shape))) }
            entries.removeAll { $0.name == "actions" }
            entries.append(Safetensors.Entry("actions", try Tensor([0.1, 0.2, last, -last], shape: [1, 2, 2])))
            entries.append(try Safetensors.Entry("timesteps", [0, 1] as [Int64], shape: [1, 2]))
            let file = try SafetensorsFile(Safetensors.encoded(entries), source: "inputs")
            let outputs = try model.forward(file, observing: .nothing)
            return try #require(outputs.first { $0.name == "action_preds" }).tensor.values
        }
        #expect(try actions(5) == actions(-1))
    }

    @Test(arguments: [
        ("actions", [1, 3, 2], "actions [1, 2, A]"), ("returns_to_go", [2, 2, 1], "returns [1, 2, 1]"),
        ("states", [2, 3], "states [B, T, S]"),
    ])
    func tensorsOfOtherStepsAreRefused(_ name: String, _ shape: [Int], _ sentence: String) throws {
        let model = try PretrainedFolder(path: Self.root + "/decision-transformer").model()
        var shapes = ["states": [1, 2, 3], "actions": [1, 2, 2], "returns_to_go": [1, 2, 1]]
        shapes[name] = shape
        var entries = shapes.map { Safetensors.Entry($0, Tensor.zeros(Shape($1))) }
        entries.append(try Safetensors.Entry("timesteps", [0, 1] as [Int64], shape: [1, 2]))
        let file = try SafetensorsFile(Safetensors.encoded(entries), source: "inputs")
        #expect {
            try model.forward(file, observing: .nothing)
        } throws: {
            "\($0)".contains("expected \(sentence), found \(Shape(shape))")
        }
    }
}
