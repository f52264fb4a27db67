import Attention
import AttentionJSON
import AttentionServer
import Testing

/// An answer does not depend on who else is in the batch: bit for bit in `exact`, to 1e-5 otherwise.
@Suite struct NeighbourTests {
    private static let texts = ["sun", "The cat sleeps.", "A dog.", "Ada walks", "sun dog cat", "the old red dog"]

    @Test(arguments: [(Precision.exact, Float(0)), (.float32, 1e-5)])
    func vectors(_ precision: Precision, _ tolerance: Float) async throws {
        var settings = SchedulerSettings()
        settings.precision = precision
        let host = try ModelHost([.open("vectors", at: taskFolders + "vectors", limits: settings)])
        try await serving(host) { client in
            var alone: [[Float]] = []
            for text in Self.texts {
                alone.append(try await client.post("/embed", #"{"inputs": "\#(text)"}"#).json.at(0).floats)
            }
            let together = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
                for (index, text) in Self.texts.enumerated() {
                    group.addTask {
                        (index, try await client.post("/embed", #"{"inputs": "\#(text)"}"#).json.at(0).floats)
                    }
                }
                return try await group.reduce(into: [Int: [Float]]()) { $0[$1.0] = $1.1 }
            }
            for (index, vector) in alone.enumerated() { expectClose(together[index] ?? [], vector, within: tolerance) }
        }
    }
}
