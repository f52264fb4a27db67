import AttentionDecoding
import AttentionFiles
import AttentionLayers
import AttentionModels
import AttentionTensors
import Testing

/// Every family of encoder–decoders computes what transformers computes; `scripts/make-encoder-decoder-fixtures.py` made the folders.
@Suite struct EncoderDecoderTests {
    private static let root =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures/EncoderDecoders"

    private static func folders() throws -> [String] { try Directory.names(in: root).sorted() }

    /// Those that write.
    private static func writers() throws -> [String] {
        try folders().filter { !["t5-encoder", "bart-model", "bart-classes"].contains($0) }
    }

    private static func inputs(_ name: String) throws -> SafetensorsFile {
        try SafetensorsFile(path: root + "/" + name + "/inputs.safetensors")
    }

    private static func model(_ name: String) throws -> any PretrainedModel {
        try PretrainedFolder(path: root + "/" + name).model()
    }

    @Test(arguments: try folders()) func outputsAreTheReferences(_ name: String) throws {
        let inputs = try Self.inputs(name)
        let expected = try SafetensorsFile(path: Self.root + "/" + name + "/expected.safetensors")
        let found = try Self.model(name).forward(inputs, observing: Observation(hiddenStates: true, attentions: .all))
        #expect(Set(found.map(\.name)) == Set(expected.names))
        let source = try inputs.tensor(named: "attention_mask")
        let target =
            inputs.contains("decoder_attention_mask") ? try inputs.tensor(named: "decoder_attention_mask") : source
        for output in found {
            let isSource = output.name.hasPrefix("encoder") || name == "t5-encoder"
            try compare(
                output.tensor, try expected.tensor(named: output.name), output.name, present: isSource ? source : target
            )
        }
    }

    /// Where nothing real stands, nothing is compared.
    private func compare(_ found: Tensor, _ expected: Tensor, _ name: String, present: Tensor) throws {
        try #require(found.shape == expected.shape, "\(name)")
        let axis = name.contains("attentions") ? 2 : found.shape.rank > 2 ? 1 : nil
        let inner = found.shape.dimensions[(axis.map { $0 + 1 } ?? found.shape.rank)...].reduce(1, *)
        let rowSize = found.shape.elementCount / found.shape[0]
        for (index, (x, y)) in zip(found.values, expected.values).enumerated() {
            if let axis, present[index / rowSize, index / inner % found.shape[axis]] == 0 { continue }
            #expect(abs(x - y) <= 2e-5 * (1 + abs(y)), "\(name) at \(index): \(x) instead of \(y)")
            guard abs(x - y) <= 2e-5 * (1 + abs(y)) else { return }
        }
    }

    @Test(arguments: try writers()) func stepsAreTheWholeAndRowsAreAlone(_ name: String) throws {
        let model = try #require(try Self.model(name).sequenceToSequence)
        let inputs = try Self.inputs(name)
        func rows(_ side: String) throws -> [[Int]] {
            let shape = try inputs.shape(of: side + "input_ids")
            let (ids, mask) = (
                try inputs.integers(named: side + "input_ids"), try inputs.integers(named: side + "attention_mask")
            )
            return (0..<shape[0]).map { row in
                let places = row * shape[1]..<(row + 1) * shape[1]
                return Array(ids[places].prefix(mask[places].reduce(0, +)))
            }
        }
        let expected = try SafetensorsFile(path: Self.root + "/" + name + "/expected.safetensors")
        try checkSteps(model, try rows(""), try rows("decoder_"), try expected.tensor(named: "logits"))
    }

    private func checkSteps(
        _ model: some SequenceToSequence, _ sources: [[Int]], _ targets: [[Int]], _ logits: Tensor
    ) throws {
        func compare(_ found: Tensor, _ row: Int, _ place: Int, _ expectedRow: Int) {
            for word in 0..<logits.shape[2] {
                let (x, y) = (found[row, word], logits[expectedRow, place, word])
                #expect(abs(x - y) <= 2e-5 * (1 + abs(y)))
            }
        }
        // All rows in chunks of unequal lengths: the prefix at once, then the last id.
        var state = try model.start(PaddedBatch(sources, padding: 1))
        _ = try model.step(targets.map { Array($0.dropLast()) }, &state, wanting: [])
        let last = try #require(try model.step(targets.map { [$0[$0.count - 1]] }, &state, wanting: .logits).logits)
        for row in sources.indices { compare(last, row, targets[row].count - 1, row) }
        // Each row alone, id by id, in the other order of rows.
        for row in sources.indices.reversed() {
            var alone = try model.start(PaddedBatch([sources[row]], padding: 1))
            for (place, id) in targets[row].enumerated() {
                let step = try model.step([[id]], &alone, wanting: [.logits, .alignments])
                compare(try #require(step.logits), 0, place, row)
                #expect(step.alignments?.shape[4] == sources[row].count)
            }
        }
        // Rows that were exchanged go on where they were.
        var swapped = try model.start(PaddedBatch(sources, padding: 1))
        _ = try model.step(targets.map { [$0[0]] }, &swapped, wanting: [])
        swapped = try swapped.selecting([2, 2, 0])
        let next = try #require(try model.step([2, 2, 0].map { [targets[$0][1]] }, &swapped, wanting: .logits).logits)
        for (row, original) in [2, 2, 0].enumerated() { compare(next, row, 1, original) }
    }

    @Test func wordsAreThereOnce() throws {
        let model = try #require(try Self.model("t5") as? EncoderDecoder<TransformerDecoderLayer>)
        #expect(
            model.parameters().filter { $0.name.contains("words") }.map(\.name) == ["encoder.embeddings.words.weight"])
        // What training makes of them holds for the decoder, too.
        let doubled = model.mapTensors { $0.contains("words") ? $1 * 2 : $1 }
        #expect(doubled.decoder.embeddings.words.weight.tensor.values == doubled.encoder.words.weight.tensor.values)
        #expect(doubled.outputWeight.tensor.values == (model.outputWeight.tensor * 2).values)
    }

    @Test func wrongInputsAreNamed() throws {
        let model = try Self.model("bart")
        func complaint(_ change: (inout [Safetensors.Entry]) throws -> Void) throws -> String {
            let ids: Shape = [1, 2]
            var entries = [
                try Safetensors.Entry("input_ids", [5, 6], shape: ids),
                try Safetensors.Entry("decoder_input_ids", [2, 6], shape: ids),
            ]
            try change(&entries)
            do {
                _ = try model.forward(
                    SafetensorsFile(Safetensors.encoded(entries), source: "FILE"), observing: .nothing)
                return ""
            } catch { return "\(error)" }
        }
        #expect(try complaint { _ in } == "")
        #expect(try complaint { $0.removeLast() }.contains("expected a tensor decoder_input_ids in FILE"))
        #expect(
            try complaint { $0.append(try Safetensors.Entry("token_type_ids", [0, 0], shape: [1, 2])) }
                == "forward: expected inputs among input_ids, attention_mask, decoder_input_ids, decoder_attention_mask in FILE, "
                + "found token_type_ids")
        #expect(
            try complaint { $0.append(try Safetensors.Entry("decoder_attention_mask", [1], shape: [1, 1])) }
                == "forward: expected [1, 2] as decoder_attention_mask in FILE, found [1, 1]")
        #expect(
            try complaint { $0[1] = try Safetensors.Entry("decoder_input_ids", [2, 30], shape: [1, 2]) }.contains(
                "below 30"))
    }
}
