import AttentionFiles
import AttentionModels
import AttentionTensors
import Foundation
import Testing

/// Adapters as PEFT saves them; `scripts/make-tuning-fixtures.py` made the folders.
@Suite struct AdapterFolderTests {
    static let root = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures/Tuning/"

    static let cases = [("adapters-on-classes", "bert-classes"), ("adapters-on-backbone", "bert")]

    private func logits(_ model: EncoderModel, _ folder: String) throws -> Tensor {
        let inputs = try SafetensorsFile(path: PretrainedReferenceTests.root + "/\(folder)/inputs.safetensors")
        return try model.forward(inputs, observing: .nothing)[0].tensor
    }

    private func expectClose(_ found: Tensor, _ expected: Tensor, within limit: Float = 1e-5) {
        #expect(found.shape == expected.shape)
        for (x, y) in zip(found.values, expected.values) { #expect(abs(x - y) <= limit * (1 + abs(y))) }
    }

    @Test(arguments: cases)
    func logitsAreTheReferences(_ name: String, _ base: String) throws {
        let expected = try SafetensorsFile(path: Self.root + name + "/expected.safetensors").tensor(named: "logits")
        let (model, task) = try PretrainedFolder(path: PretrainedReferenceTests.root + "/" + base).encoder(
            with: try AdapterFolder(path: Self.root + name))
        #expect(task == .sequences)
        expectClose(try logits(model, base), expected)
        expectClose(try logits(try model.mergingAdapters(), base), expected)
    }

    /// What is written has the names and the numbers that were read.
    @Test func writtenAdaptersAreThoseThatWereRead() throws {
        let path = Self.root + "adapters-on-backbone"
        let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/bert")
        let (model, task) = try folder.encoder(with: try AdapterFolder(path: path))
        let out = NSTemporaryDirectory() + "adapters-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: out) }
        let plan = AdapterPlan(rank: 2, alpha: 8, targets: ["query", "key"])
        let trained = try model.trained(matching: "head.output.*")
        try folder.writeAdapters(of: trained, plan, as: task, to: out)
        let (wanted, found) = (
            try SafetensorsFile(path: path + "/adapter_model.safetensors"),
            try SafetensorsFile(path: out + "/adapter_model.safetensors")
        )
        #expect(
            Set(found.names)
                == Set(wanted.names).union(["weight", "bias"].map { "base_model.model.bert.pooler.dense." + $0 }))
        for name in wanted.names {
            #expect(try found.tensor(named: name).values == (try wanted.tensor(named: name)).values, "\(name)")
        }
        let (again, _) = try folder.encoder(with: try AdapterFolder(path: out))
        #expect(try logits(again, "bert").values == (try logits(model, "bert")).values)
    }

    private func refusal(_ config: String, _ tensors: [(name: String, tensor: Tensor)] = []) throws -> String {
        let path = NSTemporaryDirectory() + "adapters-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Directory.create(path)
        try AtomicFile.write(Array(config.utf8), to: path + "/adapter_config.json")
        try Safetensors.write(tensors, to: path + "/adapter_model.safetensors")
        let folder = try PretrainedFolder(path: PretrainedReferenceTests.root + "/bert-classes")
        do {
            _ = try folder.encoder(with: try AdapterFolder(path: path))
            return ""
        } catch { return "\(error)".replacing(path, with: "FOLDER") }
    }

    @Test func whatDoesNotFitIsNamed() throws {
        #expect(
            try refusal(#"{"peft_type": "IA3"}"#)
                == "adapter: FOLDER/adapter_config.json: configuration: expected peft_type to be LORA, found IA3")
        #expect(try refusal(#"{"use_dora": true}"#).contains("expected use_dora to be false, found true"))
        #expect(
            try refusal(#"{"alpha_pattern": {"query": 4}}"#).contains(
                "expected alpha_pattern to be one rank and one alpha for all, found several"))
        let stem = "base_model.model.bert.encoder.layer.0.attention.self."
        let unknown = try refusal(
            "{}",
            [
                ("base_model.model.gpt.lora_A.weight", .zeros([1, 8])), (stem + "query.lora_A.weight", .zeros([1, 8])),
                (stem + "query.lora_B.weight", .zeros([8, 1])),
            ])
        #expect(unknown.contains("1 unexpected (base_model.model.gpt.lora_A.weight)"), "\(unknown)")
        let misshapen = try refusal(
            "{}", [(stem + "query.lora_A.weight", .zeros([1, 7])), (stem + "query.lora_B.weight", .zeros([8, 1]))])
        #expect(misshapen.contains("expected a product [8, 8], found [1, 7] and [8, 1]"), "\(misshapen)")
        #expect(
            throws: PretrainedError.badAdapter(
                "/nowhere",
                reason: "expected a folder with adapter_config.json and adapter_model.safetensors, found none")
        ) { try AdapterFolder(path: "/nowhere") }
    }

    @Test func targetsThatAreNowhereAreRefused() throws {
        let model = try PretrainedFolder(path: PretrainedReferenceTests.root + "/bert").encoder(for: .features)
        let plan = AdapterPlan(rank: 2, alpha: 4, targets: ["query", "q_proj"])
        #expect {
            _ = try model.adapted(plan, key: RandomKey(seed: 1))
        } throws: { "\($0)".contains("found *.q_proj; it has encoder.layers.0.self_attention.query") }
    }

    /// Only adapters and heads are trained; vectors beside no head are not.
    @Test func rolesAndParts() throws {
        let model = try PretrainedFolder(path: PretrainedReferenceTests.root + "/bert-classes").encoder(for: .sequences)
        let adapted = try model.adapted(
            AdapterPlan(rank: 2, alpha: 4, targets: ["value", "feed_forward.up"]), key: RandomKey(seed: 1))
        let trained = adapted.parameters { $1.role == .trained }.map(\.name)
        #expect(trained.count == 2 * 2 * 2 + 4)
        #expect(trained.allSatisfy { $0.hasPrefix("head.") || $0.contains(".adapter.") })
        let fused = try PretrainedFolder(path: PretrainedReferenceTests.root + "/modernbert-classes")
        let parts = try fused.encoder(for: .sequences).adapted(
            AdapterPlan(rank: 2, alpha: 4, targets: ["query"]), key: RandomKey(seed: 1))
        #expect {
            try fused.writeAdapters(
                of: parts, AdapterPlan(rank: 2, alpha: 4, targets: ["query"]), as: .sequences, to: "/nowhere")
        } throws: {
            "\($0)".contains(
                "expected targets with a tensor of their own in checkpoints, found encoder.layers.0.self_attention.query"
            )
        }
    }
}
