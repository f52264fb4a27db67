import Attention
import AttentionFiles
import Foundation
import Testing

/// Which moments of a training are kept.
@Suite struct TrainingTracesTests {
    /// However long a training is, its moments are few, evenly spread, the first and the last among them, and never one that was let go before.
    @Test func fewAreKeptEvenly() {
        var before: Set<Int> = []
        for number in 0...1000 {
            let (update, limit) = (number * 50, TrainingTraces.limit)
            let kept = TrainingTraces.kept(upTo: update, interval: 50).filter { $0 <= update }
            #expect(kept.isSubset(of: before.union([update])) && kept.contains(update) && kept.contains(0))
            #expect(kept.count <= limit + 3)
            if number > 0 { #expect(kept.contains(50)) }
            if number > 2 * limit {
                let even = kept.subtracting([50, update]).sorted()
                #expect(Set(zip(even, even.dropFirst()).map { $1 - $0 }).count == 1)
            }
            before = kept
        }
    }

    @Test func aFolderIsThinnedAndResumed() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/attention-traces-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let traces = TrainingTraces(path: folder + "/1")
        let trace = try ModelTrace(
            name: "toy", sequences: [TracedSequence(name: "text", pieces: ["a"])],
            attention: [TracedAttention(kind: .cross, queries: 0, keys: 0, layers: [0], heads: [0], weights: [1])])
        for number in 0...130 { try traces.keep(trace, update: 10 * number, interval: 10) }
        let kept = TrainingTraces.kept(upTo: 1300, interval: 10).filter { $0 <= 1300 }.sorted()
        #expect(try traces.updates() == kept)
        #expect(try traces.replay().updates == kept)
        try traces.resume(at: 400)
        #expect(try traces.updates() == kept.filter { $0 <= 400 })
        try Directory.create(folder + "/empty")
        #expect(throws: TraceError.noSteps(source: folder + "/empty", folders: [])) {
            try TrainingTraces(path: folder + "/empty").replay()
        }
    }
}
