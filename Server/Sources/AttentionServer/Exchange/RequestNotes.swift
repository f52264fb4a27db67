internal import Synchronization

/// What is noted of a request while it is answered, for its line in the log and for the counters. Never what it says.
final class RequestNotes: Sendable {
    struct Noted: Sendable {
        /// Who asks: a key, or an address where no keys are needed.
        var client = ""
        /// Which model answered.
        var model: String?
        /// How many rows and tokens it had.
        var (rows, tokens) = (0, 0)
        /// How many tokens were written for it.
        var writtenTokens = 0
        /// How long it waited, and how long it took from there.
        var (waited, computed) = (Duration.zero, Duration.zero)
    }

    private let noted = Mutex(Noted())

    /// What has been noted.
    var current: Noted { noted.withLock(\.self) }

    /// Who asks.
    func note(client: String) { noted.withLock { $0.client = client } }

    /// Which model answers.
    func note(model: String) { noted.withLock { $0.model = model } }

    /// How many tokens were written.
    func note(writtenTokens count: Int) { noted.withLock { $0.writtenTokens += count } }

    /// The answers to rows of this request, noted.
    func answers<Kind, Row, Answer>(
        of scheduler: Scheduler<Kind, Row, Answer>, _ rows: [(row: Row, tokens: Int)], kind: Kind
    ) async throws -> [Answer] {
        guard !rows.isEmpty else { return [] }
        let tokens = rows.reduce(0) { $0 + $1.tokens }
        let (client, model) = noted.withLock {
            $0.rows += rows.count
            $0.tokens += tokens
            return ($0.client, $0.model)
        }
        let found = try await scheduler.answer(rows, kind: kind, client: client)
        noted.withLock {
            $0.waited += found.waited
            $0.computed += found.computed
        }
        RequestSpans.note(
            waited: found.waited, computed: found.computed, model: model, rows: rows.count, tokens: tokens)
        return found.answers
    }
}
