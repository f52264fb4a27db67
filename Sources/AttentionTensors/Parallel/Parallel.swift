/// The one parallel-for: everything that runs on several cores goes through here.
///
/// Chunks are fixed by the count and the grain, never by timing, and write to memory of their own; so results do not depend on
/// which thread took which chunk.
public enum Parallel {
    /// How many threads compute, the calling one included.
    public static var threadCount: Int { ThreadTeam.shared.threadCount }

    /// The value of `ATTENTION_THREADS` if it is no number from 1 to 1024; all cores compute then.
    public static var refused: String? { ThreadTeam.shared.refused }

    /// Sets how many threads compute, from 1 to 1024; more than the machine has cores only slows things down.
    public static func setThreadCount(_ count: Int) { ThreadTeam.shared.setThreadCount(max(1, count)) }

    /// Whether threads work on another's job just now, so that whoever begins one would be alone.
    package static var isBusy: Bool { ThreadTeam.shared.isBusy }

    /// Runs `body` on consecutive ranges that together cover `0..<count`, each of at least `grain` items unless it is the last. More ranges
    /// a thread even out items of different cost.
    package static func forEachChunk(
        of count: Int, grain: Int, chunksPerThread: Int = 4, _ body: (Range<Int>) -> Void
    ) {
        guard count > 0 else { return }
        let threads = threadCount
        guard threads > 1, count > grain else { return body(0..<count) }
        let chunkCount = min((count + grain - 1) / grain, threads * chunksPerThread)
        let size = (count + chunkCount - 1) / chunkCount
        ThreadTeam.shared.run((count + size - 1) / size) { chunk in
            body(chunk * size..<min(count, (chunk + 1) * size))
        }
    }

    /// Runs `body(0)`, …, `body(count - 1)`, each once, on the team.
    package static func forEach(_ count: Int, _ body: (Int) -> Void) {
        guard count > 1, threadCount > 1 else {
            for index in 0..<max(0, count) { body(index) }
            return
        }
        ThreadTeam.shared.run(count, body)
    }
}
