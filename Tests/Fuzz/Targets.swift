import AttentionFiles
import AttentionModels
import AttentionTemplates
import AttentionTensors
import AttentionText

/// What damaged files are given to. Each answers whether the file was read; it throws only what no file may lead to.
enum Targets {
    static let all: [String: @Sendable ([UInt8]) throws -> Bool] = [
        "safetensors": safetensors, "tokenizer": tokenizer, "sentencepiece": sentencePiece, "config": configuration,
        "gguf": gguf, "template": template, "png": png, "jpeg": jpeg, "wav": wav, "flac": flac, "idx": idx,
        "midi": midi, "marian": marian, "shortlist": shortlist,
    ]

    private static let text = "Héllo ﬁ world</s> 日本 1234 don't  ▁ <0x41> [MASK] e\u{301}\u{AC00}\u{1F469}\u{200D}"

    /// Rendered for two short conversations, one of them with a tool.
    private static func template(_ bytes: [UInt8]) throws -> Bool {
        let said = #"{"role": "user", "content": " Hi é "}"#
        let called =
            #"{"role": "assistant", "tool_calls": [{"id": "123456789", "function": {"name": "f", "arguments": {"x": [1]}}}]}"#
        do throws(TemplateError) {
            let template = try Template(String(decoding: bytes, as: UTF8.self))
            for messages in ["[\(said)]", "[\(said), \(called), {\"role\": \"tool\", \"content\": \"1\"}]"] {
                guard let messages = value(messages), let tools = value(#"[{"function": {"name": "f"}}]"#) else {
                    return false
                }
                let values = [
                    JSONMember("messages", messages), JSONMember("tools", tools), JSONMember("bos_token", "<s>"),
                    JSONMember("add_generation_prompt", true),
                ]
                do throws(TemplateError) { _ = try template.render(values) } catch { _ = error.description }
            }
        } catch {
            _ = error.description
            return false
        }
        return true
    }

    private static func value(_ text: String) -> JSONValue? {
        do { return try JSONParser.parse(Array(text.utf8)) } catch { return nil }
    }

    private static func safetensors(_ bytes: [UInt8]) throws -> Bool {
        let file: SafetensorsFile
        do throws(SafetensorsError) { file = try SafetensorsFile(bytes, source: "case") } catch {
            _ = error.description
            return false
        }
        for name in file.names {
            do throws(SafetensorsError) {
                _ = try file.tensor(named: name).values.count
                _ = try file.parameter(named: name).description
                _ = try file.integers(named: name)
            } catch { _ = error.description }
        }
        return true
    }

    private static func gguf(_ bytes: [UInt8]) throws -> Bool {
        let file: GGUFFile
        do throws(GGUFError) { file = try GGUFFile(bytes, source: "case") } catch {
            _ = error.description
            return false
        }
        for name in file.names {
            do throws(GGUFError) { _ = try file.parameter(named: name).tensor.values.count } catch {
                _ = error.description
            }
        }
        do throws(TokenizerError) { try use(try Tokenizer(file)) } catch { _ = error.description }
        do {
            let model = try PretrainedFolder(file).model()
            let ids = try Safetensors.Entry("input_ids", [1, 2, 3, 4], shape: [1, 4])
            let inputs = try SafetensorsFile(try Safetensors.encoded([ids]), source: "inputs")
            _ = try model.forward(inputs, observing: .nothing)
        } catch let error as any Error & CustomStringConvertible { _ = error.description }
        return true
    }

    private static func tokenizer(_ bytes: [UInt8]) throws -> Bool {
        do throws(TokenizerError) { try use(try Tokenizer(json: bytes)) } catch {
            _ = error.description
            return false
        }
        return true
    }

    private static func sentencePiece(_ bytes: [UInt8]) throws -> Bool {
        do throws(TokenizerError) { try use(try Tokenizer(sentencePiece: bytes)) } catch {
            _ = error.description
            return false
        }
        return true
    }

    /// Encodes with offsets and words, decodes, and reads again what is written.
    private static func use(_ tokenizer: Tokenizer) throws(TokenizerError) {
        let encoding = tokenizer.encode(text, pair: "Ein Paar.")
        precondition(encoding.ids.count == encoding.words.count && encoding.ids.count == encoding.offsets.count)
        precondition(encoding.pieces.count == encoding.wordIDs.count)
        _ = tokenizer.ids(of: text)
        _ = tokenizer.decode(encoding.ids + [-1, .max])
        _ = tokenizer.decodeWords(encoding.ids)
        _ = try Tokenizer(json: tokenizer.json())
    }

    /// A configuration beside the tensors of all tiny models, of which it takes what it can.
    private static func configuration(_ bytes: [UInt8]) throws -> Bool {
        let folder = "/tmp/attention-fuzz-config"
        try Directory.create(folder)
        try AtomicFile.write(bytes, to: folder + "/config.json")
        do {
            let model = try PretrainedFolder(path: folder).model()
            let ids = try Safetensors.Entry("input_ids", [1, 2, 3, 4], shape: [1, 4])
            let inputs = try SafetensorsFile(try Safetensors.encoded([ids]), source: "inputs")
            _ = try model.forward(inputs, observing: Observation(hiddenStates: true, attentions: .all))
            return true
        } catch let error as any Error & CustomStringConvertible {
            _ = error.description
            return false
        }
    }
}
