import ArgumentParser
import Attention
import AttentionCommand
import Glibc

/// The processes that train together, where `mpirun` or `srun` has started the command.
enum Ranks {
    /// Trains with all of them, and says in the end why it ended.
    ///
    /// One process speaks for all. A fault before all are at work ends each of them in good order; later, it ends all at once, and what was saved stays.
    static func train(
        to output: String, threads: ThreadOptions, _ body: (any GradientExchange) throws -> StopReason
    ) throws {
        threads.apply()
        guard let exchange = try joined() else {
            return CourseOptions.tell(try body(SingleProcess()), output: output)
        }
        do {
            try divideCores(exchange, threads)
            let reason = try body(exchange)
            exchange.leave()
            if exchange.isWriter { tell(reason, exchange, output: output) }
        } catch {
            guard !exchange.isAtWork else { throw error }
            if !isSaidByAll(error) { try exchange.refuse("\(error)") }
            exchange.leave()
            throw exchange.isWriter ? error : ExitCode.success
        }
    }

    /// The others; nil if there are none. Where no library can be loaded, one process says so.
    private static func joined() throws -> MessagePassingExchange? {
        do { return try MessagePassingExchange.joined() } catch {
            throw MessagePassingLauncher.current?.rank ?? 0 == 0 ? error : ExitCode.success
        }
    }

    /// Whether all ranks have met already, and found together that they cannot begin.
    private static func isSaidByAll(_ error: any Error) -> Bool {
        switch error {
        case TrainingError.otherRanks, MessagePassingError.otherRank: true
        default: false
        }
    }

    /// Each rank gets its share of the cores of its machine, unless it was told how many threads compute.
    private static func divideCores(_ exchange: MessagePassingExchange, _ threads: ThreadOptions) throws {
        let share = try exchange.threadShare()
        if threads.threads == nil, getenv("ATTENTION_THREADS") == nil { Parallel.setThreadCount(share) }
        guard exchange.isWriter else { return }
        Diagnostics.print("attend: \(exchange.rankCount) ranks by \(exchange.libraryName)")
    }

    private static func tell(_ reason: StopReason, _ exchange: MessagePassingExchange, output: String) {
        CourseOptions.tell(reason, output: output)
        Diagnostics.print("attend: each rank sent \(exchange.bytesPerUpdate) bytes of gradients and weights an update")
    }
}
