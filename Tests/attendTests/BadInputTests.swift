import Foundation
import Testing

/// Model folders and texts that are wrong in one way each: the command ends with a sentence that names what is wrong, and exit code 65.
@Suite struct BadInputTests {
    private static let fixtures =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/AttentionTests/Fixtures/Tasks/"

    /// A copy of a folder that may be damaged.
    private func copy(_ name: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: Self.fixtures + name, toPath: folder.path("model"))
        return folder
    }

    private func embed(_ folder: TemporaryFolder, _ options: String...) throws -> Command {
        try Command.run(["embed", "--model", folder.path("model")] + options + ["--", "The cat sleeps."])
    }

    // MARK: Tensors

    /// What the command says when the header and the bytes behind it are changed.
    private func sentence(_ change: (inout [String: [String: Any]], inout Data) -> Void) throws -> String {
        let folder = try copy("vectors")
        let path = URL(fileURLWithPath: folder.path("model/model.safetensors"))
        let file = try Data(contentsOf: path)
        let size = Int(file[0]) | Int(file[1]) << 8 | Int(file[2]) << 16
        let json = try JSONSerialization.jsonObject(with: file[8..<8 + size])
        var header = try #require(json as? [String: Any])
        header["__metadata__"] = nil
        var entries = try #require(header as? [String: [String: Any]])
        var data = Data(file[(8 + size)...])
        change(&entries, &data)
        let text = try JSONSerialization.data(withJSONObject: entries, options: .sortedKeys)
        let prefix = Data((0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) })
        try (prefix + text + data).write(to: path)
        let command = try embed(folder)
        #expect(command.status == (command.errors.isEmpty ? 0 : 65) && !command.errors.contains("Fatal"))
        return command.errors
    }

    private static let bias = "embeddings.LayerNorm.bias"

    @Test func headersOfTensors() throws {
        // Another order of names is no fault: offsets say where tensors lie.
        #expect(try sentence { _, _ in }.isEmpty)
        #expect(
            try sentence { _, data in data.removeLast(4) }.contains("6400 bytes of tensors after the header in"))
        // A gap before a tensor, and a tensor over the end of another.
        for (name, shift) in [(Self.bias, 4), ("embeddings.LayerNorm.weight", -4)] {
            #expect(
                try sentence { entries, _ in
                    let range = entries[name]?["data_offsets"] as? [Int] ?? []
                    entries[name]?["data_offsets"] = [range[0] + shift, range[1] + shift]
                }.contains("to begin where the tensor before it ends, at"), "\(name)")
        }
        #expect(
            try sentence { entries, _ in entries[Self.bias]?["shape"] = [1 << 40, 1 << 40] }
                .contains("as many bytes for \(Self.bias) as [1099511627776, 1099511627776] elements of F32 take"))
        #expect(
            try sentence { entries, _ in entries[Self.bias]?["shape"] = [4, 2] }
                .contains("1 of another shape (\(Self.bias): expected [8], found [4, 2])"))
        #expect(
            try sentence { entries, _ in entries[Self.bias] = nil }.contains("to begin where the tensor before it ends")
        )
    }

    @Test func truncatedHeaders() throws {
        let folder = try copy("vectors")
        let path = URL(fileURLWithPath: folder.path("model/model.safetensors"))
        let whole = try Data(contentsOf: path)
        for (bytes, expected) in [
            (whole.prefix(5), "expected at least 8 bytes"), (whole.prefix(200), "found 192 bytes"),
            (Data(repeating: 0xFF, count: 64), "a header of at most 100000000 bytes"), (Data(), "found 0 bytes"),
        ] {
            try bytes.write(to: path)
            let command = try embed(folder)
            #expect(command.status == 65 && command.errors.contains(expected), "\(command.errors)")
        }
    }

    @Test func numbersThatAreNone() throws {
        for (value, word) in [(Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")] {
            let errors = try sentence { entries, data in
                let range = entries[Self.bias]?["data_offsets"] as? [Int] ?? []
                let bits = value.bitPattern
                for byte in 0..<4 { data[range[0] + 12 + byte] = UInt8(truncatingIfNeeded: bits >> (8 * byte)) }
            }
            #expect(errors.hasPrefix("attend: safetensors: expected finite numbers in \(Self.bias) of "), "\(errors)")
            #expect(errors.contains("found \(word) at [3];"), "\(errors)")
        }
    }

    // MARK: Configurations and tokenizers

    private func sentence(replacing text: String, by other: String, in file: String) throws -> String {
        let folder = try copy("vectors")
        let whole = try String(contentsOfFile: folder.path("model/" + file), encoding: .utf8)
        try #require(whole.contains(text))
        _ = try folder.write(whole.replacingOccurrences(of: text, with: other), to: "model/" + file)
        let command = try embed(folder)
        #expect(command.status == 65)
        return command.errors
    }

    @Test func configurations() throws {
        let config = "config.json"
        #expect(
            try sentence(replacing: "\"hidden_size\": 8", by: "\"hidden_size\": 16", in: config)
                .contains("of another shape (embeddings.word_embeddings.weight: expected [30, 16], found [30, 8]"))
        #expect(
            try sentence(replacing: "\"num_hidden_layers\": 2", by: "\"num_hidden_layers\": 3", in: config)
                .contains("16 missing (bert.encoder.layer.2."))
        #expect(
            try sentence(replacing: "\"num_hidden_layers\": 2", by: "\"num_hidden_layers\": 268435456", in: config)
                .contains("expected num_hidden_layers to be from 1 to 4096, found 268435456"))
        #expect(
            try sentence(replacing: "\"intermediate_size\": 12", by: "\"intermediate_size\": 268435456", in: config)
                .contains("expected intermediate_size to be from 1 to 16777216, found 268435456"))
        #expect(
            try sentence(replacing: "\"num_attention_heads\": 2", by: "\"num_attention_heads\": 3", in: config)
                .contains("expected hidden_size to be a multiple of 3 heads, found 8"))
        #expect(
            try sentence(replacing: "\"gelu\"", by: "\"swoosh\"", in: config).contains(
                "expected hidden_act to be one of"))
        #expect(try sentence(replacing: "{", by: "[", in: config).contains("config.json:"))
    }

    @Test(arguments: [
        "tokenizer_config.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json",
        "config_sentence_transformers.json",
    ])
    func settingsThatAreNoJSON(_ file: String) throws {
        let folder = try copy("vectors")
        _ = try folder.write("{,", to: "model/" + file)
        let command = try embed(folder)
        #expect(command.status == 65 && command.errors.hasPrefix("attend: model: "), "\(command)")
        #expect(
            command.errors.contains("/\(file): expected a key in quotes at byte 1 of the JSON document"), "\(command)")
    }

    /// Members of another kind are wrong data, too, and no wrong command.
    @Test(arguments: [
        ("tokenizer_config.json", #"{"model_max_length": "x"}"#, "expected model_max_length to be a number"),
        ("modules.json", #"[{"path": "x"}]"#, "expected type to be a string, found none"),
        ("sentence_bert_config.json", #"{"max_seq_length": -5}"#, "expected max_seq_length to be from 1 to 16777216"),
        ("config_sentence_transformers.json", #"{"prompts": [1]}"#, "expected prompts to be an object, found an array"),
        (
            "1_Pooling/config.json", #"{"pooling_mode_mean_tokens": "yes"}"#,
            "expected pooling_mode_mean_tokens to be true or false"
        ),
    ])
    func settingsOfAnotherKind(_ file: String, _ text: String, _ sentence: String) throws {
        let folder = try copy("vectors")
        _ = try folder.write(text, to: "model/" + file)
        let command = try embed(folder)
        #expect(command.status == 65 && command.errors.hasPrefix("attend: model: "), "\(command)")
        #expect(command.errors.contains("/\(file): configuration: \(sentence)"), "\(command)")
    }

    @Test(arguments: [
        ("[]", "no module"),
        (#"[{"type": "sentence_transformers.models.Transformer", "path": ""}]"#, "Transformer"),
        (
            #"[{"type": "models.Transformer", "path": ""}, {"type": "models.Pooling", "path": "1_Pooling"}, "#
                + #"{"type": "models.Pooling", "path": "1_Pooling"}]"#, "Transformer, Pooling, Pooling"
        ),
    ])
    func modulesOfWhichNoVectorComes(_ text: String, _ found: String) throws {
        let folder = try copy("vectors")
        _ = try folder.write(text, to: "model/modules.json")
        let command = try embed(folder)
        #expect(
            command.status == 65 && command.errors.hasPrefix("attend: model: ")
                && command.errors.contains(
                    "/modules.json: expected modules Transformer and Pooling, then Dense and Normalize or none, found \(found); "
                        + "copy that of the model, or remove it, and the vectors of pieces are averaged"),
            "\(command)")
    }

    @Test func generationThatIsNoJSON() throws {
        let folder = try copy("continuations")
        let file = try folder.write("{,", to: "model/generation_config.json")
        let command = try Command.run("generate", "The", "--model", folder.path("model"))
        #expect(
            command.status == 65 && command.errors.hasPrefix("attend: model: \(file): expected a key"), "\(command)")
    }

    @Test func tokenizers() throws {
        let file = "tokenizer.json"
        #expect(
            try sentence(replacing: "\"BertNormalizer\"", by: "\"Magic\"", in: file)
                .contains("tokenizer.json: tokenizer: expected a normalizer among"))
        #expect(try sentence(replacing: "\"WordPiece\"", by: "\"Word\"", in: file).contains("found \"Word\""))
        #expect(try sentence(replacing: "{", by: "{,", in: file).contains("of the JSON document, found ','"))
        #expect(try sentence(replacing: "\"[CLS]\": 2", by: "\"[CLS]\": -2", in: file).contains("tokenizer:"))
    }

    // MARK: Texts

    private static let long = Array(repeating: "The cat sleeps.", count: 20).joined(separator: " ")

    @Test func longTextsAreCutWithOneWarningOrRefused() throws {
        let texts = [Self.long, "A dog runs.", Self.long]
        for (command, model, more) in [
            ("embed", "vectors", []), ("classify", "classes", []), ("tag", "names", []),
            ("similarity", "vectors", ["x"]),
            ("rerank", "pairs", ["Who sleeps?"]),
        ] {
            let arguments = [command, "--model", Self.fixtures + model]
            let cut = try Command.run(arguments + more + texts)
            #expect(cut.status == 0 && !cut.output.isEmpty, "\(command): \(cut.errors)")
            let warnings = cut.errors.split(separator: "\n")
            #expect(warnings.count == 1 && warnings[0].hasPrefix("attend: a text of "), "\(command): \(cut.errors)")
            #expect(cut.errors.contains("was cut to the") && cut.errors.contains("--no-truncate refuses"), "\(command)")
            let refused = try Command.run(arguments + ["--no-truncate"] + more + texts)
            #expect(refused.status == 65 && refused.output.isEmpty, "\(command)")
            #expect(refused.errors.hasPrefix("attend: model: expected a text of at most "), "\(refused.errors)")
        }
        let masked = try Command.run("fill-mask", "--model", Self.fixtures + "words", "The [MASK] sleeps. " + Self.long)
        #expect(masked.status == 0 && masked.errors.hasPrefix("attend: a text of "), "\(masked.errors)")
        // Contexts are read in windows, all of them.
        let answer = try Command.run(
            "answer", "--no-truncate", "--model", Self.fixtures + "answers", "--context", Self.long + " The fox runs.",
            "Who runs?")
        #expect(answer.status == 0 && answer.errors.isEmpty && !answer.output.isEmpty, "\(answer.errors)")
    }

    @Test func nothingToDoIsDone() throws {
        for (command, model, more) in [
            ("embed", "vectors", []), ("classify", "classes", []), ("tag", "names", []), ("fill-mask", "words", []),
            ("similarity", "vectors", ["x"]), ("rerank", "pairs", ["x"]), ("answer", "answers", ["--context", "x"]),
        ] {
            let found = try Command.run([command, "--model", Self.fixtures + model] + more)
            #expect(found.status == 0 && found.output.isEmpty && found.errors.isEmpty, "\(command): \(found.errors)")
        }
        let empty = try Command.run(["embed", "--model", Self.fixtures + "vectors"], input: Data("\n\n".utf8))
        #expect(empty.status == 0 && empty.output.split(separator: "\n").count == 2)
    }
}
