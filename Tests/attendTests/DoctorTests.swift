import Attention
import AttentionFiles
import Foundation
import Testing

/// `attend doctor`: what it says, and with which exit code.
@Suite struct DoctorTests {
    @Test func theModelInsideIsWell() throws {
        let found = try Command.run("doctor", "default")
        #expect(found.status == 0, "\(found.output)\(found.errors)")
        #expect(found.output.hasSuffix("nothing serious was found in 6 texts\n"))
    }

    @Test func aBrokenNumberIsSerious() throws {
        let folder = try TemporaryFolder()
        let (source, model) = (TaskCommandTests.root + "vectors", folder.path("broken"))
        try FileManager.default.copyItem(atPath: source, toPath: model)
        let file = try SafetensorsFile(path: model + "/model.safetensors")
        let broken = try #require(file.names.first { $0.hasSuffix("query.weight") })
        let entries = try file.names.map { name in
            var values = try file.tensor(named: name).values
            // Numbers that are numbers still, and whose products are none: what is not even that is refused when it is read.
            if name == broken { values = values.map { _ in .greatestFiniteMagnitude } }
            return Safetensors.Entry(name, try Tensor(values, shape: try file.shape(of: name)))
        }
        try Safetensors.write(entries, to: model + "/model.safetensors")
        let texts = try folder.write("The cat sleeps.\n\nA dog runs.\n", to: "texts")
        let found = try Command.run("doctor", model, "--data", texts)
        #expect(found.status == 1 && found.output.hasPrefix("serious: "), "\(found.output)\(found.errors)")
        #expect(found.output.contains("rows are no numbers") && found.output.contains("  mend: mend the numbers first"))
        let json = try Command.run("doctor", model, "--data", texts, "--json")
        struct Read: Decodable { let kind: String, isSerious: Bool, place: String, cause: String }
        let first = try JSONDecoder().decode(
            Read.self, from: Data(try #require(json.output.split(separator: "\n").first).utf8))
        #expect(json.status == 1 && first.kind == "broken-rows" && first.isSerious)
    }

    /// What is found at a validation stands in the log and is said; of a sound model nothing is.
    @Test func trainingsAreLookedAfter() throws {
        let folder = try TemporaryFolder()
        let (source, model) = (try TinyModel.folder.get().path, folder.path("broken"))
        try FileManager.default.copyItem(atPath: source, toPath: model)
        let file = try SafetensorsFile(path: model + "/model.safetensors")
        let entries = try file.names.map { name in
            var values = try file.tensor(named: name).values
            if name.hasPrefix("encoder"), name.contains("self_attention.query") { values = values.map { _ in 0 } }
            return Safetensors.Entry(name, try Tensor(values, shape: try file.shape(of: name)))
        }
        try Safetensors.write(entries, to: model + "/model.safetensors")
        func train(_ initial: String, _ name: String) throws -> Command {
            let pairs = try folder.write(TinyModel.pairs.joined(separator: "\n") + "\n", to: "pairs.tsv")
            return try Command.run(
                "train", "translation", "--train", pairs, "--valid", pairs, "--output", folder.path(name),
                "--initialize",
                initial, "--threads", "1", "--set", "batchTokens=256", "--set", "maximumUpdates=4", "--set", "warmup=1",
                "--set",
                "peakRate=1e-9", "--set", "validationInterval=4")
        }
        let broken = try train(model, "a")
        let said = "; attention: 2 uniform (attend doctor says why, and what helps)\n"
        #expect(broken.status == 0 && broken.errors.contains(said), "\(broken.errors)")
        let log = String(decoding: try FileContents.read(folder.path("a/log.jsonl")), as: UTF8.self)
        #expect(log.contains(#""metrics":{"attention.uniform":2}"#), "\(log)")
        let sound = try train(source, "b")
        #expect(sound.status == 0 && !sound.errors.contains("attention:"), "\(sound.errors)")
    }

    @Test func fineTuningIsLookedAfter() throws {
        let folder = try TemporaryFolder()
        let model = folder.path("broken")
        try FileManager.default.copyItem(atPath: TaskCommandTests.root + "vectors", toPath: model)
        let file = try SafetensorsFile(path: model + "/model.safetensors")
        let entries = try file.names.map { name in
            let values = try file.tensor(named: name).values.map { name.contains(".query.") ? 0 : $0 }
            return Safetensors.Entry(name, try Tensor(values, shape: try file.shape(of: name)))
        }
        try Safetensors.write(entries, to: model + "/model.safetensors")
        let data = try folder.write("rest\tThe cat sleeps.\nmotion\tA dog runs.\n", to: "data.tsv")
        let train = try Command.run(
            "train", "classify", "--model", model, "--train", data, "--valid", data, "--output", folder.path("tuned"),
            "--threads", "1", "--set", "batchSize=2", "--set", "maximumEpochs=1", "--set", "peakRate=1e-9", "--set",
            "validationsPerEpoch=1")
        #expect(
            train.status == 0
                && train.errors.contains("; attention: 4 uniform (attend doctor says why, and what helps)\n"),
            "\(train.errors)")
        let log = String(decoding: try FileContents.read(folder.path("tuned/log.jsonl")), as: UTF8.self)
        #expect(log.contains(#""attention.uniform":4"#), "\(log)")
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        let empty = try folder.write("\n", to: "empty")
        let model = TaskCommandTests.root + "vectors"
        #expect(
            try Command.run("doctor", model, "--data", empty).errors
                == "attend: \(empty): expected texts, one a line, found none\n")
        #expect(try Command.run("doctor", "/no/such").status == 65)
    }
}
