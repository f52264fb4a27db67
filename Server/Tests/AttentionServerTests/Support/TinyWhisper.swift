import Attention
import Foundation

/// A model with random weights that hears, as a folder of its own.
enum TinyWhisper {
    /// Makes the folder, runs the test, and takes it away.
    static func with<Value>(_ test: (_ path: String) async throws -> Value) async throws -> Value {
        let path = NSTemporaryDirectory() + "whisper-" + UUID().uuidString
        let fixture = taskFolders + "../../../AttentionModelsTests/Fixtures/Audio/whisper"
        try FileManager.default.copyItem(atPath: fixture, toPath: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let words = ["<pad>", "</s>", "<s>", "a", "b", "c", "d", "e", "f", "<|notimestamps|>"]
        let vocabulary = words.enumerated().map { "\"\($0.element)\": \($0.offset)" }.joined(separator: ", ")
        for (name, text) in [
            "tokenizer.json":
                #"{"model": {"type": "WordLevel", "unk_token": "<pad>", "vocab": {\#(vocabulary)}}, "pre_tokenizer": {"type": "Whitespace"}}"#,
            "preprocessor_config.json":
                #"{"feature_extractor_type": "WhisperFeatureExtractor", "feature_size": 6, "chunk_length": 1}"#,
            "generation_config.json":
                #"{"eos_token_id": 1, "decoder_start_token_id": 2, "no_timestamps_token_id": 9, "is_multilingual": false, "max_length": 24, "suppress_tokens": [0, 2, 8, 9], "begin_suppress_tokens": [1]}"#,
        ] {
            try AtomicFile.write(Array(text.utf8), to: path + "/" + name)
        }
        return try await test(path)
    }

    /// Two tones that rise and fall, of which the model of random weights writes something.
    static func sound(seconds: Double) throws -> Sound {
        try Sound(
            (0..<Int(16000 * seconds)).map { index in
                let time = Double(index)
                let low = sin(0.50976467 * time * (1 + 0.2 * sin(time / 16000)))
                return Float(0.15 * (low + sin(0.45961355 * time * (1 + 0.2 * sin(time / 8000)))))
            }, sampleRate: 16000)
    }
}
