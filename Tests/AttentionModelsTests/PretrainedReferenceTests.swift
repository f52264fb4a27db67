import AttentionFiles
import AttentionModels
import AttentionTensors
import Testing

/// Every family computes what transformers computes; `scripts/make-pretrained-fixtures.py` made the folders.
@Suite struct PretrainedReferenceTests {
    static let root = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/Pretrained"

    static func folders() throws -> [String] { try Directory.names(in: root).sorted() }

    @Test(arguments: try folders())
    func outputsAreTheReferences(_ name: String) throws { try compareOutputs(name, "") }

    /// Decoders, whose padding may stand on the left.
    @Test(arguments: try folders().filter { Directory.hasFile(root + "/" + $0 + "/inputs-left.safetensors") })
    func outputsBehindPaddingAreTheReferences(_ name: String) throws { try compareOutputs(name, "-left") }

    private func compareOutputs(_ name: String, _ side: String) throws {
        let folder = Self.root + "/" + name
        let model = try PretrainedFolder(path: folder).model()
        let inputs = try SafetensorsFile(path: folder + "/inputs\(side).safetensors")
        let expected = try SafetensorsFile(path: folder + "/expected\(side).safetensors")
        let found = try model.forward(inputs, observing: Observation(hiddenStates: true, attentions: .all))
        let byName = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.tensor) })
        let lengths = try inputs.tensor(named: "attention_mask")
        let tolerance = try tolerance(folder)
        for name in expected.names {
            let tensor = try #require(byName[name], "\(name) is missing")
            try compare(tensor, try expected.tensor(named: name), name, lengths: lengths, tolerance)
        }
    }

    /// 1e-5, but where the reference itself is computed less precisely.
    private func tolerance(_ folder: String) throws -> Float {
        let fields = try ConfigurationFields(JSONParser.parse(try FileContents.read(folder + "/case.json")))
        return Float(try fields.number("tolerance", default: 1e-5))
    }

    /// Where the reference says nothing of padding, nothing is compared: rows of ids, queries of attention.
    private func compare(
        _ found: Tensor, _ expected: Tensor, _ name: String, lengths: Tensor, _ tolerance: Float
    ) throws {
        try #require(found.shape == expected.shape, "\(name)")
        let (rowCount, length) = (lengths.shape[0], lengths.shape[1])
        let axis = name.hasPrefix("attentions") ? 2 : found.shape.rank > 1 && found.shape[1] == length ? 1 : nil
        let inner = found.shape.dimensions[(axis.map { $0 + 1 } ?? found.shape.rank)...].reduce(1, *)
        let pairs = zip(found.values, expected.values).enumerated()
        for (index, (x, y)) in pairs {
            let row = index / (found.shape.elementCount / rowCount)
            if let axis {
                let place = index / inner % found.shape[axis]
                guard lengths[row, place] == 1 else { continue }
            }
            #expect(abs(x - y) <= tolerance * (1 + abs(y)), "\(name) at \(index): \(x) instead of \(y)")
            guard abs(x - y) <= tolerance * (1 + abs(y)) else { return }
        }
    }

    /// What stands at padding, and how much of it, changes nothing.
    @Test(arguments: try folders())
    func paddingChangesNothing(_ name: String) throws {
        let folder = Self.root + "/" + name
        let model = try PretrainedFolder(path: folder).model()
        func output(_ ids: [Int], _ mask: [Int], _ rowCount: Int) throws -> Tensor {
            let shape: Shape = [rowCount, ids.count / rowCount]
            let bytes = try Safetensors.encoded([
                Safetensors.Entry("input_ids", ids, shape: shape),
                Safetensors.Entry("attention_mask", mask, shape: shape),
            ])
            return try model.forward(SafetensorsFile(bytes, source: "inputs"), observing: .nothing)[0].tensor
        }
        let alone = try output([7, 9, 12], [1, 1, 1], 1)
        // Padding behind, where the family's own padding id stands; RoBERTa's positions skip ids, not the mask.
        let padding = ["roberta", "camembert", "mpnet"].contains { name.contains($0) } ? 1 : 0
        let behind = try output([7, 9, 12, padding, padding, 8, 8, 8, 8, 8], [1, 1, 1, 0, 0, 1, 1, 1, 1, 1], 2)
        let count = alone.shape.rank == 2 && alone.shape[1] != 3 ? alone.shape[1] : alone.shape.elementCount
        for index in 0..<count {
            #expect(abs(alone.values[index] - behind.values[index]) < 1e-5, "\(index)")
        }
    }
}
