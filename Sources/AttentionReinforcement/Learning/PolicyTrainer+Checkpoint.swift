import AttentionFiles
import AttentionTensors
import AttentionTraining

extension PolicyTrainer {
    private struct Progress: Codable {
        var iteration: Int
        var stepCount: Int
        var updateCount: Int
        var seconds: Double
        var seed: UInt64
        var logLength: Int
        var identity: [String: String]
    }

    /// Saves all that the future depends on.
    ///
    /// - Parameters:
    ///   - identity: what else decides the course of the training, by name; a resumed training must have the same.
    ///   - logLength: how long the log is, in bytes.
    /// - Throws: `SafetensorsError` if the file cannot be written; the one before is then still there.
    package func save(to path: String, identity: [String: String], logLength: Int) throws {
        let progress = Progress(
            iteration: iteration, stepCount: stepCount, updateCount: optimizer.stepCount, seconds: seconds, seed: seed,
            logLength: logLength, identity: identity)
        let memory = optimizer.savedTensors(of: policy).map { Safetensors.Entry($0.name, $0.tensor) }
        try Safetensors.write(
            policy.entries(at: ParameterPath("model")) + memory,
            metadata: ["progress": try JSONEncoding.text(of: progress, numbers: .named)], to: path)
    }

    /// Goes back to where it was saved.
    ///
    /// - Returns: how long the log was.
    /// - Throws: `SafetensorsError` if there is no checkpoint, or it is damaged; ``ReinforcementError`` if it is another training's.
    package mutating func resume(from path: String, identity: [String: String]) throws -> Int {
        let file = try SafetensorsFile(path: path)
        let saved: Progress
        do {
            saved = try JSONDecoding.decode(
                Progress.self, from: Array((file.metadata["progress"] ?? "").utf8), numbers: .named)
        } catch {
            throw ReinforcementError.unfitCheckpoint(
                path: path, expected: "the progress of a policy's training", found: "something else")
        }
        guard saved.seed == seed else {
            throw ReinforcementError.unfitCheckpoint(path: path, expected: "seed \(seed)", found: "\(saved.seed)")
        }
        for name in Set(saved.identity.keys).union(identity.keys).sorted() where saved.identity[name] != identity[name]
        {
            throw ReinforcementError.unfitCheckpoint(
                path: path, expected: "\(name) \(identity[name] ?? "absent")",
                found: saved.identity[name] ?? "none")
        }
        guard 0...1 << 40 ~= saved.iteration, 0...1 << 48 ~= saved.updateCount, saved.stepCount >= 0 else {
            throw ReinforcementError.unfitCheckpoint(
                path: path, expected: "a number of iterations", found: "\(saved.iteration)")
        }
        let prefix = type(of: optimizer).pathPrefix
        let restored = try policy.loaded(from: file, at: ParameterPath("model")) { $0.hasPrefix(prefix) }
        try optimizer.restore(from: file, stepCount: saved.updateCount, of: restored)
        policy = restored
        (iteration, stepCount, seconds) = (saved.iteration, saved.stepCount, saved.seconds)
        return saved.logLength
    }
}
