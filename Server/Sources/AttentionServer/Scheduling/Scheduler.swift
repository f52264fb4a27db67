import Attention

/// Collects what requests want of one model into batches, computes these, and gives every request what is its own.
///
/// A request has rows; a batch takes one row of each client in turn, and of each client one of each request in turn, until it is full: whoever
/// wants little does not wait for all of somebody who wants much. Whoever had no turn for longest is first; whoever comes counts as if the last turn
/// had been theirs. That goes on from batch to batch, so that it holds for batches of one row, too, as texts are that are written beside one another.
/// Rows of one kind only are computed together. The first row of a batch waits for others for at most `batchWait`. What does not fit into the queue is refused at once, and so is what would wait there for longer than it may, by the pace of
/// the last batches; what waits for too long all the same is refused then. A task that is cancelled
/// frees its place at once: rows that wait are never computed, and a batch of which nobody wants anything any more is cancelled.
///
/// Where a batch fails and more than one request is in it, each is computed by itself, so that none suffers from another.
package actor Scheduler<Kind: Hashable & Sendable, Row: Sendable, Answer: Sendable> {
    /// What computes the rows of a batch, on a thread of its own: as many answers, in the same order.
    package typealias Work = @Sendable (Kind, [Row]) throws -> [Answer]

    /// The answers to a request, and where its time went.
    package struct Answered: Sendable {
        package let answers: [Answer]
        /// How long it waited until its first row was taken.
        package let waited: Duration
        /// How long it took from there.
        package let computed: Duration
    }

    package let limits: SchedulerSettings
    private let work: Work
    private var entries: [Entry] = []
    private var (queuedRows, queuedTokens) = (0, 0)
    private var waiting: [String: Waiting] = [:]
    private var running: [Task<[Answer], any Error>: RunningBatch] = [:]
    private var pace = Pace()
    private var wake: Task<Void, Never>?
    private var lastID = 0
    /// How many rows were taken so far, and which of them was the last of each client of whom something is here.
    private var (turnCount, turns) = (0, [String: Int]())
    private let clock = ContinuousClock()

    /// A scheduler for a model.
    package init(_ limits: SchedulerSettings, work: @escaping Work) { (self.limits, self.work) = (limits, work) }

    /// How many rows wait.
    package var waitingRows: Int { queuedRows }

    /// Whether nothing waits and nothing is computed.
    package var isIdle: Bool { entries.isEmpty && running.isEmpty }

    /// The answers to these rows.
    /// - Parameters:
    ///   - rows: at least one, each with about as many tokens as it costs.
    ///   - kind: rows of other kinds are not computed together with them.
    ///   - client: who asks.
    /// - Throws: `SchedulerError` if there is no place for them; `CancellationError` if the task is cancelled; what the work throws.
    package func answer(
        _ rows: [(row: Row, tokens: Int)], kind: Kind, client: String = ""
    ) async throws -> Answered {
        guard mayWait(rows.count, tokens: rows.reduce(0) { $0 + $1.tokens }, of: client) else {
            throw SchedulerError.full
        }
        try Task.checkCancellation()
        lastID += 1
        let id = lastID
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let entry = Entry(
                    id: id, kind: kind, client: client, rows: rows, arrival: clock.now, continuation: continuation)
                // Whoever comes begins behind those who have begun: else whoever wants much would never have a turn again.
                entry.turn = turnCount
                if turns[client] == nil { turns[client] = turnCount }
                entries.append(entry)
                count(entry, requests: 1, rows: rows.count, tokens: entry.waitingTokens)
                entry.deadline = Alarm(after: limits.queueDeadline) { [weak self] in
                    Task { [weak self] in await self?.expire(id) }
                }
                launch()
            }
        } onCancel: {
            Task { await self.cancel(id) }
        }
    }

    // MARK: Room

    /// Whether so much more of a client may wait: whoever would wait for half of the time that is allowed at most, so that what takes longer than expected is
    /// answered all the same. What the next batch takes is never too much.
    package func mayWait(_ rows: Int, tokens: Int, of client: String) -> Bool {
        // Whoever would not begin in time need not begin to wait.
        guard expectedStart <= limits.queueDeadline else { return false }
        // Whatever a request may have finds a place in an empty queue.
        guard queuedRows > 0 else { return true }
        guard queuedRows + rows <= limits.queuedRows, queuedTokens + tokens <= limits.queuedTokens else { return false }
        return queuedRows < limits.batchRows || expectedWait(of: client) * 2 <= limits.queueDeadline
    }

    /// When the next batch begins: when the first of those that are computed ends, if there are as many as may be.
    private var expectedStart: Duration {
        guard running.count >= limits.width else { return .zero }
        return running.values.map { pace.duration(of: Double($0.tokens)) - (clock.now - $0.begun) }.min() ?? .zero
    }

    /// How long the first row of a request would wait: until the first of what runs is done, of which each has begun at a time of its own, and each client
    /// has had as many rows as this one has requests.
    private func expectedWait(of client: String) -> Duration {
        let turns = (waiting[client]?.requests ?? 0) + 1
        let rows = waiting.values.reduce(0) { $0 + min($1.rows, turns) }
        let tokens = Double(queuedTokens) / Double(queuedRows) * Double(rows)
        let first = Double(running.values.reduce(0) { $0 + $1.tokens }) / Double(limits.width)
        return pace.duration(of: first + tokens)
    }

    private func count(_ entry: Entry, requests: Int, rows: Int, tokens: Int) {
        queuedRows += rows
        queuedTokens += tokens
        var waiting = waiting[entry.client] ?? Waiting()
        waiting.requests += requests
        waiting.rows += rows
        self.waiting[entry.client] = waiting.rows > 0 ? waiting : nil
    }

    // MARK: Batches

    /// Begins as many batches as there is room and reason for.
    private func launch() {
        while running.count < limits.width, let oldest = entries.first(where: \.hasWaitingRows), let next = nextEntry {
            let rest = limits.batchWait - (clock.now - oldest.arrival)
            if rest > .zero, !isFull(next.kind) { return sleep(for: rest) }
            let free = limits.runningTokens - running.values.reduce(0) { $0 + $1.tokens }
            guard running.isEmpty || next.rows[next.taken].tokens <= free else { return }
            run(nextBatch(of: next.kind, tokens: min(limits.batchTokens, free)))
        }
    }

    /// Whose turn it is.
    private var nextEntry: Entry? {
        entries.lazy.filter(\.hasWaitingRows).min { turn(of: $0) < turn(of: $1) }
    }

    /// What decides whose turn it is: the lowest.
    private func turn(of entry: Entry) -> (client: Int, request: Int, id: Int) {
        (turns[entry.client] ?? 0, entry.turn, entry.id)
    }

    private func isFull(_ kind: Kind) -> Bool {
        var (rows, tokens) = (0, 0)
        for entry in entries where entry.kind == kind {
            rows += entry.rows.count - entry.taken
            tokens += entry.waitingTokens
        }
        return rows >= limits.batchRows || tokens >= limits.batchTokens
    }

    private func sleep(for duration: Duration) {
        guard wake == nil else { return }
        wake = Task { [weak self] in
            try? await Task.sleep(for: duration)
            await self?.woken()
        }
    }

    private func woken() {
        wake = nil
        launch()
    }

    private func nextBatch(of kind: Kind, tokens limit: Int) -> [Place] {
        var batch: [Place] = []
        var tokens = 0
        var queues = queues(of: kind)
        filling: while !queues.isEmpty {
            for client in queues.indices {
                let entry = queues[client].removeFirst()
                let cost = entry.rows[entry.taken].tokens
                if !batch.isEmpty, batch.count >= limits.batchRows || tokens + cost > limit {
                    break filling
                }
                batch.append(take(from: entry))
                tokens += cost
                if entry.hasWaitingRows { queues[client].append(entry) }
            }
            queues.removeAll(where: \.isEmpty)
        }
        return batch
    }

    /// What each client waits for, in the order of their turns, and so the requests of each.
    private func queues(of kind: Kind) -> [[Entry]] {
        var (queues, places) = ([[Entry]](), [String: Int]())
        let waiting = entries.filter { $0.kind == kind && $0.hasWaitingRows }
        for entry in waiting.sorted(by: { turn(of: $0) < turn(of: $1) }) {
            if let place = places[entry.client] {
                queues[place].append(entry)
            } else {
                places[entry.client] = queues.count
                queues.append([entry])
            }
        }
        return queues
    }

    private func take(from entry: Entry) -> Place {
        if entry.begun == nil {
            entry.begun = clock.now
            entry.deadline?.cancel()
        }
        let place = Place(entry: entry, row: entry.taken)
        entry.taken += 1
        turnCount += 1
        (entry.turn, turns[entry.client]) = (turnCount, turnCount)
        count(entry, requests: entry.hasWaitingRows ? 0 : -1, rows: -1, tokens: -place.tokens)
        return place
    }

    private func run(_ batch: [Place]) {
        let (kind, rows) = (batch[0].entry.kind, batch.map { $0.entry.rows[$0.row].row })
        let computing = Task(executorPreference: ComputeThreads.shared) { [work, precision = limits.precision] in
            try Self.checked(withPrecision(precision) { try work(kind, rows) }, rows.count)
        }
        for place in batch { place.entry.batches.append(computing) }
        running[computing] = RunningBatch(
            tokens: batch.reduce(0) { $0 + $1.tokens }, begun: clock.now, wantedBy: Set(batch.map(\.entry.id)))
        Task { finish(batch, await computing.result, computing) }
    }

    private static func checked(_ answers: [Answer], _ count: Int) throws -> [Answer] {
        guard answers.count == count else { throw SchedulerWorkError(expected: count, found: answers.count) }
        return answers
    }

    private func finish(
        _ batch: [Place], _ result: Result<[Answer], any Error>, _ computing: Task<[Answer], any Error>
    ) {
        let width = running.count
        guard let own = running.removeValue(forKey: computing) else { return }
        let wanted = Dictionary(grouping: batch.indices) { batch[$0].entry.id }
        switch result {
        case .success(let answers):
            pace.note(tokens: own.tokens, took: clock.now - own.begun, width: width)
            for (place, answer) in zip(batch, answers) { place.entry.note(answer, of: place.row) }
            for places in wanted.values { completeIfDone(batch[places[0]].entry) }
        case .failure(let error) where wanted.count == 1:
            if let entry = batch.first?.entry { end(entry, .failure(error)) }
        case .failure:
            for places in wanted.values where batch[places[0]].entry.continuation != nil {
                run(places.map { batch[$0] })
            }
        }
        launch()
    }

    // MARK: Ends

    private func completeIfDone(_ entry: Entry) {
        guard entry.answered == entry.rows.count, let begun = entry.begun else { return }
        let answers = entry.answers.compactMap(\.self)
        end(entry, .success(Answered(answers: answers, waited: begun - entry.arrival, computed: clock.now - begun)))
    }

    private func end(_ entry: Entry, _ result: Result<Answered, any Error>) {
        guard let continuation = entry.continuation else { return }
        entry.continuation = nil
        entry.deadline?.cancel()
        entries.removeAll { $0.id == entry.id }
        if !entries.contains(where: { $0.client == entry.client }) { turns[entry.client] = nil }
        if entry.hasWaitingRows {
            count(entry, requests: -1, rows: entry.taken - entry.rows.count, tokens: -entry.waitingTokens)
        }
        continuation.resume(with: result)
    }

    private func expire(_ id: Int) {
        guard let entry = entries.first(where: { $0.id == id }), entry.begun == nil else { return }
        end(entry, .failure(SchedulerError.expired))
        launch()
    }

    private func cancel(_ id: Int) {
        guard let entry = entries.first(where: { $0.id == id }) else { return }
        for computing in entry.batches {
            running[computing]?.wantedBy.remove(id)
            if running[computing]?.wantedBy.isEmpty == true { computing.cancel() }
        }
        end(entry, .failure(CancellationError()))
        launch()
    }

    // MARK: Parts

    /// A request.
    private final class Entry {
        let id: Int
        let kind: Kind
        let client: String
        let rows: [(row: Row, tokens: Int)]
        let arrival: ContinuousClock.Instant
        /// How many of its rows are in batches.
        var taken = 0
        /// Which of all rows was its last; before its first, which was the last when it came.
        var turn = 0
        var begun: ContinuousClock.Instant?
        var answers: [Answer?]
        /// How many of them are there.
        var answered = 0
        var deadline: Alarm?
        var batches: [Task<[Answer], any Error>] = []
        /// Nil once it was answered.
        var continuation: CheckedContinuation<Answered, any Error>?

        init(
            id: Int, kind: Kind, client: String, rows: [(row: Row, tokens: Int)], arrival: ContinuousClock.Instant,
            continuation: CheckedContinuation<Answered, any Error>
        ) {
            (self.id, self.kind, self.client, self.rows, self.arrival) = (id, kind, client, rows, arrival)
            self.continuation = continuation
            answers = Array(repeating: nil, count: rows.count)
        }

        func note(_ answer: Answer, of row: Int) {
            answers[row] = answer
            answered += 1
        }

        var hasWaitingRows: Bool { taken < rows.count }
        var waitingTokens: Int { rows[taken...].reduce(0) { $0 + $1.tokens } }
    }

    /// A batch that is computed.
    private struct RunningBatch {
        let tokens: Int
        let begun: ContinuousClock.Instant
        /// The requests of which something is in it and that are still there.
        var wantedBy: Set<Int>
    }

    /// A row in a batch.
    private struct Place {
        let entry: Entry
        let row: Int

        var tokens: Int { entry.rows[row].tokens }
    }

    /// How much of a client waits.
    private struct Waiting {
        var (requests, rows) = (0, 0)
    }
}

/// Work that did not do what it should: a fault of the program.
struct SchedulerWorkError: Error, CustomStringConvertible {
    let expected: Int
    let found: Int

    var description: String { "schedule: expected \(expected) answers of a batch, found \(found)" }
}
