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

    /// Each with options of its own; one has more sentences than are searched at once, and one has something that must come through.
    private static let translations = [
        #"{"text": "Where is the nearest train station?"}"#, #"{"text": "Yes.", "alignment": false}"#,
        #"{"text": ["I have two cats.", "The weather is good today, and we are going to the sea."], "n_best": 2}"#,
        #"{"text": "Write to https://example.org/help or call 555-0199.", "beam": 2}"#,
        #"{"text": "\#([String](repeating: "The dog sleeps.", count: 20).joined(separator: " "))", "beam": 1}"#,
        #"{"text": "She reads a book.", "beam": 4, "n_best": 3, "alignment": false}"#,
    ]

    @Test func translations() async throws {
        var settings = SchedulerSettings.translation
        settings.precision = .exact
        try await serving(try ModelHost([.standard(limits: settings)])) { client in
            var alone: [String] = []
            for body in Self.translations {
                let answer = try await client.post("/v1/translate", body)
                #expect(answer.status == 200)
                alone.append(answer.text)
            }
            try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
                for _ in 0..<3 {
                    for (index, body) in Self.translations.enumerated() {
                        group.addTask { (index, try await client.post("/v1/translate", body)) }
                    }
                }
                for try await (index, answer) in group {
                    #expect(answer.status == 200)
                    #expect(answer.text == alone[index], "\(Self.translations[index].prefix(60))")
                }
            }
        }
    }
}
