import Attention
import Foundation
import Testing

/// How far attention has moved, against the sum as it is written.
@Suite struct AttentionDriftTests {
    private static let line = ("the quick fox", "a lazy dog")

    /// A tiny translator on disk that is removed with this value.
    private final class Saved {
        let path = FileManager.default.temporaryDirectory.path + "/attention-drift-" + UUID().uuidString

        init(seed: UInt64 = 1, _ change: (inout TransformerConfiguration) -> Void = { _ in }) throws {
            let tiny = try ModelFolder.tiny(seed: seed)
            var sizes = try #require(tiny.configuration.architecture as? TransformerConfiguration)
            change(&sizes)
            let configuration = ModelConfiguration(name: "tiny", architecture: sizes)
            try ModelFolder(
                configuration: configuration, tokenizer: tiny.tokenizer,
                model: try configuration.makeModel(key: RandomKey(seed: seed))
            ).save(to: path)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static func drift(_ before: Saved, _ after: Saved) throws -> AttentionDrift {
        try AttentionDrift(before: before.path, after: after.path, lines: [line.0 + "\t" + line.1])
    }

    @Test func itIsTheMeanDivergence() throws {
        let models = try (Saved(seed: 1), Saved(seed: 2))
        let found = try Self.drift(models.0, models.1)
        let traces = try [models.0, models.1].map {
            try Translator(folder: try ModelFolder(path: $0.path)).trace(Self.line.0, and: Self.line.1)
        }
        #expect(Set(found.heads.keys) == ["encoder", "decoder", "cross"])
        for part in traces[0].attention {
            let moved = try traces[1].part(part.kind).weights
            let rowCount = traces[0].queries(of: part).pieces.count
            for (head, value) in try #require(found.heads[part.kind.rawValue]?.first).enumerated() {
                let places = head * part.weights.count / 2..<(head + 1) * part.weights.count / 2
                let sum = places.filter { part.weights[$0] > 0 }.reduce(0.0) { sum, place in
                    sum + Double(part.weights[place]) * log(Double(part.weights[place]) / Double(moved[place]))
                }
                #expect(value > 0 && abs(value - sum / Double(rowCount)) < 1e-9, "\(part.kind) \(head)")
            }
        }
        let all = found.heads.values.joined().joined()
        #expect(all.count == 6 && abs(found.mean - all.reduce(0, +) / 6) < 1e-12)
    }

    /// A folder may name a head twice, which is gone once.
    @Test func headsThatAreGoneAreLeftOut() throws {
        let whole = try Saved()
        let pruned = try Saved { $0.prunedHeads = ["encoder.0.self_attention": [1, 1]] }
        let found = try Self.drift(pruned, pruned)
        #expect(found.heads == ["encoder": [[0]], "decoder": [[0, 0]], "cross": [[0, 0]]] && found.mean == 0)
        let left = try Self.drift(whole, pruned).heads
        #expect(left["encoder"]?.map(\.count) == [1] && left["decoder"] == [[0, 0]], "\(left)")
        let other = try Saved { $0.headCount = 4 }
        #expect {
            try Self.drift(whole, other)
        } throws: {
            "\($0)".contains("(encoder: 1 layers of 2), found encoder: 1 layers of 4;")
        }
    }
}
