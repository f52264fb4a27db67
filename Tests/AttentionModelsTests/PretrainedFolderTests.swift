import AttentionFiles
import AttentionModels
import AttentionTensors
import Foundation
import Testing

/// What is wrong with a folder is said with names and both sides; what is harmless is passed over.
@Suite struct PretrainedFolderTests {
    private static let bert = PretrainedReferenceTests.root + "/bert"

    /// A folder with another configuration or other tensors than the tiny BERT.
    private func folder(
        _ change: (inout [String: Any]) -> Void = { _ in }, tensors: (inout [String: Tensor]) -> Void = { _ in }
    ) throws -> String {
        let path = NSTemporaryDirectory() + "pretrained-" + UUID().uuidString
        try Directory.create(path)
        let data = Data(try FileContents.read(Self.bert + "/config.json"))
        var fields = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        change(&fields)
        try AtomicFile.write(Array(try JSONSerialization.data(withJSONObject: fields)), to: path + "/config.json")
        let file = try SafetensorsFile(path: Self.bert + "/model.safetensors")
        var named: [String: Tensor] = [:]
        for name in file.names { named[name] = try file.tensor(named: name) }
        tensors(&named)
        try Safetensors.write(named.map { Safetensors.Entry($0.key, $0.value) }, to: path + "/model.safetensors")
        return path
    }

    private func complaint(
        _ change: (inout [String: Any]) -> Void = { _ in }, tensors: (inout [String: Tensor]) -> Void = { _ in }
    ) throws -> String {
        let path = try folder(change, tensors: tensors)
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            _ = try PretrainedFolder(path: path).model()
            return ""
        } catch { return "\(error)".replacing(path, with: "FOLDER") }
    }

    @Test func contradictionsAreNamed() throws {
        #expect(
            try complaint { $0["model_type"] = "mamba" }
                == "model: expected a model_type of \(ModelFamilies.modelTypes.joined(separator: ", ")) in FOLDER/config.json, found mamba"
        )
        #expect(
            try complaint { $0["hidden_size"] = 9 }
                == "model: FOLDER/config.json: configuration: expected hidden_size to be a multiple of 2 heads, found 9"
        )
        #expect(
            try complaint { $0["hidden_size"] = "8" }
                == "model: FOLDER/config.json: configuration: expected hidden_size to be an integer, found the string \"8\""
        )
        #expect(
            try complaint { $0["vocab_size"] = 31 }.contains(
                "1 of another shape (embeddings.word_embeddings.weight: expected [31, 8], found [30, 8])"))
        #expect(try complaint { $0["num_hidden_layers"] = 1 }.contains("16 unexpected (encoder.layer.1."))
        #expect(try complaint { $0["num_hidden_layers"] = 3 }.contains("16 missing (bert.encoder.layer.2."))
        #expect(try complaint { $0["hidden_act"] = "mish" }.contains("expected hidden_act to be one of gelu,"))
        #expect(
            try complaint { $0.removeValue(forKey: "vocab_size") }.contains(
                "expected vocab_size to be an integer, found none"))
        #expect(try complaint { $0["architectures"] = ["BertForJokes"] }.contains("BertForMaskedLM"))
    }

    @Test func whatIsHarmlessIsPassedOver() throws {
        let same = try complaint { fields in
            fields["a_field_of_tomorrow"] = ["x": 1]
        } tensors: { tensors in
            tensors["embeddings.position_ids"] = .zeros([1, 16])
            tensors["cls.seq_relationship.weight"] = .zeros([2, 8])
            // As TensorFlow spelt norms.
            for (new, old) in [("weight", "gamma"), ("bias", "beta")] {
                tensors["embeddings.LayerNorm.\(old)"] = tensors.removeValue(forKey: "embeddings.LayerNorm.\(new)")
            }
        }
        #expect(same == "")
        #expect(
            try complaint(tensors: { $0["encoder.layer.0.adapter.weight"] = .zeros([8, 8]) }).contains(
                "1 unexpected (encoder.layer.0.adapter.weight)"))
    }

    @Test func weightsThatOnlyPyTorchReads() throws {
        let path = try folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.moveItem(atPath: path + "/model.safetensors", toPath: path + "/pytorch_model.bin")
        #expect(throws: PretrainedError.noWeights(folder: path, found: "pytorch_model.bin")) {
            try PretrainedFolder(path: path)
        }
    }

    /// Two shards and an index are one checkpoint; an index that names a tensor its shard lacks is refused.
    @Test func shards() throws {
        let path = try folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let whole = try SafetensorsFile(path: path + "/model.safetensors")
        var map: [String: String] = [:]
        for (index, shard) in ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"].enumerated() {
            let names = whole.names.enumerated().filter { $0.offset % 2 == index }.map(\.element)
            try Safetensors.write(
                try names.map { Safetensors.Entry($0, try whole.tensor(named: $0)) }, to: path + "/" + shard)
            for name in names { map[name] = shard }
        }
        try FileManager.default.removeItem(atPath: path + "/model.safetensors")
        func writeIndex() throws {
            let index = try JSONSerialization.data(withJSONObject: ["weight_map": map])
            try AtomicFile.write(Array(index), to: path + "/model.safetensors.index.json")
        }
        try writeIndex()
        let inputs = try SafetensorsFile(path: Self.bert + "/inputs.safetensors")
        let (sharded, single) = (
            try PretrainedFolder(path: path).model(), try PretrainedFolder(path: Self.bert).model()
        )
        #expect(
            try sharded.forward(inputs, observing: .nothing)[0].tensor.values
                == single.forward(inputs, observing: .nothing)[0].tensor.values)
        map["pooler.dense.weight"] =
            "model-0000\(map["pooler.dense.weight"] == "model-00001-of-00002.safetensors" ? 2 : 1)-of-00002.safetensors"
        try writeIndex()
        #expect(throws: PretrainedError.self) { try PretrainedFolder(path: path) }
    }

    /// A misspelt input would change the result in silence.
    @Test func unknownInputsAreRefused() throws {
        let model = try PretrainedFolder(path: Self.bert).model()
        let bytes = try Safetensors.encoded([
            Safetensors.Entry("input_ids", [1, 2], shape: [1, 2]),
            Safetensors.Entry("attention_masks", [1, 1], shape: [1, 2]),
        ])
        let inputs = try SafetensorsFile(bytes, source: "inputs")
        #expect(
            throws: PretrainedError.unknownInput("attention_masks", source: "inputs", known: EncoderModel.inputNames)
        ) {
            try model.forward(inputs, observing: .nothing)
        }
    }

    /// Where padding stands before a row, or in it, the mask decides; attention is the same by way of the weights and without.
    @Test func anyMask() throws {
        let model = try PretrainedFolder(path: Self.bert).model()
        func outputs(_ ids: [Int], _ mask: [Int], _ positions: [Int], _ observing: Observation = .nothing) throws
            -> Tensor
        {
            let shape: Shape = [1, ids.count]
            let bytes = try Safetensors.encoded([
                Safetensors.Entry("input_ids", ids, shape: shape),
                Safetensors.Entry("attention_mask", mask, shape: shape),
                Safetensors.Entry("position_ids", positions, shape: shape),
            ])
            return try model.forward(SafetensorsFile(bytes, source: "inputs"), observing: observing)[0].tensor
        }
        let plain = try outputs([7, 9, 12], [1, 1, 1], [0, 1, 2])
        let left = try outputs([3, 4, 7, 9, 12], [0, 0, 1, 1, 1], [0, 0, 0, 1, 2])
        let holes = try outputs([7, 3, 9, 4, 12], [1, 0, 1, 0, 1], [0, 0, 1, 0, 2])
        let seen = try outputs([7, 3, 9, 4, 12], [1, 0, 1, 0, 1], [0, 0, 1, 0, 2], Observation(attentions: .all))
        for feature in 0..<8 {
            for (place, (l, h)) in [(2, 0), (3, 2), (4, 4)].enumerated() {
                #expect(abs(plain[0, place, feature] - left[0, l, feature]) < 1e-5)
                #expect(abs(plain[0, place, feature] - holes[0, h, feature]) < 1e-5)
                #expect(abs(seen[0, h, feature] - holes[0, h, feature]) < 1e-5)
            }
        }
    }
}
