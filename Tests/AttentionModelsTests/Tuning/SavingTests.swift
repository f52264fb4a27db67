import AttentionFiles
import AttentionModels
import AttentionTensors
import Foundation
import Testing

/// A model that is written is the one that was read, under the reference's names.
@Suite struct SavingTests {
    /// The folders of text encoders.
    private static func encoders() throws -> [String] {
        try PretrainedReferenceTests.folders().filter {
            try PretrainedFolder(path: PretrainedReferenceTests.root + "/" + $0).family.encoders != nil
        }
    }

    @Test(arguments: try encoders())
    func everyFamilyIsWrittenAsItWasRead(_ name: String) throws {
        let path = PretrainedReferenceTests.root + "/" + name
        let folder = try PretrainedFolder(path: path)
        let task =
            EncoderTask.allCases.first { $0 != .features && folder.architecture.hasSuffix($0.rawValue) } ?? .features
        let out = NSTemporaryDirectory() + "saved-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: out) }
        try folder.write(try folder.encoder(for: task), as: task, to: out)
        let (wanted, found) = (
            try SafetensorsFile(path: path + "/model.safetensors"),
            try SafetensorsFile(path: out + "/model.safetensors")
        )
        #expect(Set(found.names) == Set(wanted.names))
        for name in found.names {
            #expect(try found.tensor(named: name).values == (try wanted.tensor(named: name)).values, "\(name)")
        }
        let written = try PretrainedFolder(path: out)
        #expect(written.architecture == folder.architecture)
        let inputs = try SafetensorsFile(path: path + "/inputs.safetensors")
        let outputs = try [folder, written].map { try $0.model().forward(inputs, observing: .nothing)[0].tensor.values }
        #expect(outputs[0] == outputs[1])
    }

    /// A backbone gets a head; a head for other classes gets another last map, and keeps what stands before it.
    @Test func headsAreMadeWhereThereAreNone() throws {
        let bare = try PretrainedFolder(path: PretrainedReferenceTests.root + "/bert")
        let start = try bare.tuningStart(for: .sequences, labels: ["a", "b"], key: RandomKey(seed: 1))
        #expect(start.fresh == ["head.output.weight", "head.output.bias"])
        #expect(start.model.head.labels == ["a", "b"])
        let output = try #require(start.model.parameters().first { $0.name == "head.output.weight" }).parameter.tensor
        #expect(output.values.contains { $0 != 0 } && output.values.allSatisfy { abs($0) < 0.2 })
        let classes = try PretrainedFolder(path: PretrainedReferenceTests.root + "/bert-classes")
        let known = try classes.tuningStart(for: .sequences, labels: ["LABEL_2", "LABEL_0"], key: RandomKey(seed: 1))
        #expect(known.fresh.isEmpty && known.model.head.labels.count == 3)
        let other = try classes.tuningStart(for: .sequences, labels: ["a", "b", "c"], key: RandomKey(seed: 1))
        #expect(other.fresh == ["head.output.weight", "head.output.bias"])
        let tokens = try bare.tuningStart(for: .tokens, labels: ["O", "X"], key: RandomKey(seed: 1))
        #expect(tokens.fresh == ["head.output.weight", "head.output.bias"])
        let without = try PretrainedFolder(path: PretrainedReferenceTests.root + "/distilbert-words").tuningStart(
            for: .sequences, labels: ["a", "b"], key: RandomKey(seed: 1))
        #expect(without.fresh.count == 4)
        let out = NSTemporaryDirectory() + "saved-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: out) }
        try bare.write(start.model, as: .sequences, to: out)
        let fields = try #require(
            try JSONSerialization.jsonObject(with: Data(try FileContents.read(out + "/config.json"))) as? [String: Any])
        #expect(fields["architectures"] as? [String] == ["BertForSequenceClassification"])
        #expect(fields["id2label"] as? [String: String] == ["0": "a", "1": "b"])
        #expect(fields["label2id"] as? [String: Int] == ["a": 0, "b": 1])
    }
}
