import Attention
import Foundation
import Testing

/// Summaries are what the model writes behind the folder's words, by the folder's settings.
@Suite struct SummarizerTests {
    private static let fixtures =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        + "/AttentionModelsTests/Fixtures/EncoderDecoders/t5/"

    private func withFolder(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "summarizer-" + UUID().uuidString
        try Directory.create(path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let words = ["<pad>", "</s>", "<unk>", "say", "it", "the", "house"] + (7..<30).map { "w\($0)" }
        let members = words.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
        let tokenizer = """
            {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
             "decoder": null, "model": {"type": "WordLevel", "vocab": {\(members)}, "unk_token": "<unk>"}}
            """
        try AtomicFile.write(Array(tokenizer.utf8), to: path + "/tokenizer.json")
        let data = Data(try FileContents.read(Self.fixtures + "config.json"))
        var fields = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        fields["task_specific_params"] = [
            "summarization": ["prefix": "say it ", "num_beams": 2, "max_length": 6, "length_penalty": 2.0]
                as [String: Any]
        ]
        try AtomicFile.write(Array(try JSONSerialization.data(withJSONObject: fields)), to: path + "/config.json")
        try AtomicFile.write(
            try FileContents.read(Self.fixtures + "model.safetensors"), to: path + "/model.safetensors")
        try body(path)
    }

    @Test func aTextHasASize() throws {
        try withFolder { path in
            let file = path + "/config.json"
            let data = Data(try FileContents.read(file))
            var fields = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            fields["n_positions"] = 0
            try AtomicFile.write(Array(try JSONSerialization.data(withJSONObject: fields)), to: file)
            let error = #expect(throws: PretrainedError.self) { try Summarizer(path: path) }
            let sentence = error?.description ?? ""
            #expect(sentence.contains(file) && sentence.contains("n_positions"), "\(sentence)")
        }
    }

    @Test func theFolderDecides() throws {
        try withFolder { path in
            var summarizer = try Summarizer(path: path)
            #expect(summarizer.prompt == "say it ")
            #expect(summarizer.generator.configuration.beamSize == 2)
            let summary = try summarizer.summarize("the house")
            let same = try summarizer.generator.generate(tokens: [3, 4, 5, 6])
            #expect(summary.tokens == same[0].tokens && summary.score == same[0].score && summary.tokens.count <= 5)
            #expect(!summary.isCut)
            summarizer.prompt = ""
            #expect(
                try summarizer.summarize("the house").tokens == summarizer.generator.generate(tokens: [5, 6])[0].tokens)
            summarizer.lengthLimit = 3
            let cut = try summarizer.summarize("the house the house w7")
            #expect(cut.isCut)
            #expect(cut.tokens == (try summarizer.generator.generate(tokens: [5, 6, 7])[0].tokens))
            // Where it looked in what it read, and not in what it did not.
            var run = TaskRun(observing: .all)
            #expect(try summarizer.summarize("the house the house w7", in: &run) == cut)
            _ = try summarizer.summarize("the house w7", in: &run)
            let pieces = run.traces.map { $0.sequences[0].pieces }
            #expect(pieces == [["the", "house", "w7"], ["the", "house", "w7"]])
            #expect(run.traces[0].attention == run.traces[1].attention)
            #expect(run.traces[0].attention.map(\.kind) == [.encoder, .decoder, .cross])
        }
    }
}
