import Attention
import AttentionFiles
import Foundation

/// The tiny Whisper among the fixtures of models, whose windows last a second, with what a folder has beside it: token 1 ends a text, 2 begins it, 3 … 7
/// are words, 8 is silence, 9 says that no moments are wanted, 10 … 59 are moments of 20 ms.
struct TinySpeech: ~Copyable {
    let path: String

    /// - Parameter writesMoments: whether moments may be written; a model that was not trained writes little else.
    init(languages: [String: Int] = [:], chunkLength: Int = 1, writesMoments: Bool = false) throws {
        let fixtures = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        path = FileManager.default.temporaryDirectory.path + "/attention-speech-" + UUID().uuidString
        try FileManager.default.copyItem(
            atPath: fixtures + "/AttentionModelsTests/Fixtures/Audio/whisper", toPath: path)
        let words = ["<pad>", "</s>", "<s>", "a", "b", "c", "d", "e", "<|nospeech|>", "<|notimestamps|>"]
        let vocabulary = words.enumerated().map { "\"\($0.element)\": \($0.offset)" }.joined(separator: ", ")
        let special = [0, 1, 2, 8, 9].map { id in
            """
            {"id": \(id), "content": "\(words[id])", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}
            """
        }
        try write(
            """
            {"added_tokens": [\(special.joined(separator: ", "))], "model": {"type": "WordLevel", "unk_token": "<pad>", "vocab": {\(vocabulary)}},
             "pre_tokenizer": {"type": "Whitespace"}}
            """, to: "tokenizer.json")
        try write(
            """
            {"feature_extractor_type": "WhisperFeatureExtractor", "feature_size": 6, "sampling_rate": 16000, "hop_length": 160, "n_fft": 400,
             "chunk_length": \(chunkLength)}
            """, to: "preprocessor_config.json")
        let suppressed = [0, 2, 8, 9] + (writesMoments ? [] : Array(10...59))
        let named = languages.map { "\"<|\($0.key)|>\": \($0.value)" }.joined(separator: ", ")
        try write(
            """
            {"eos_token_id": 1, "decoder_start_token_id": 2, "no_timestamps_token_id": 9, "max_initial_timestamp_index": 10, "max_length": 24, "suppress_tokens": \(suppressed), "begin_suppress_tokens": [1],
             "is_multilingual": \(!languages.isEmpty), "lang_to_id": {\(named)}, "task_to_id": {"transcribe": 3, "translate": 4}}
            """, to: "generation_config.json")
    }

    private func write(_ text: String, to name: String) throws {
        try AtomicFile.write(Array(text.utf8), to: path + "/" + name)
    }

    /// Adds a member to generation_config.json.
    borrowing func set(_ member: String, to value: String) throws {
        let file = path + "/generation_config.json"
        let settings = String(decoding: try FileContents.read(file), as: UTF8.self)
        try write(
            settings.replacingOccurrences(of: "{\"eos", with: "{\"\(member)\": \(value), \"eos"),
            to: "generation_config.json")
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: path) }

    /// A tone that rises and falls.
    static func sound(seconds: Double, sampleRate: Int = 16000) throws -> Sound {
        let count = Int(seconds * Double(sampleRate))
        return try Sound(
            (0..<count).map { index in
                let time = Double(index) / Double(sampleRate)
                return Float(0.3 * sin(2000 * time + 300 * sin(3 * time)))
            }, sampleRate: sampleRate)
    }
}
