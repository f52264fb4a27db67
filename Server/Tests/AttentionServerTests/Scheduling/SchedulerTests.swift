import AttentionServer
import Glibc
import Synchronization
import Testing

/// What a scheduler promises, with work that does nothing but note what it was given.
@Suite(.timeLimit(.minutes(1))) struct SchedulerTests {
    /// What was computed together.
    private final class Batches: Sendable {
        private let noted = Mutex<[[Int]]>([])
        var all: [[Int]] { noted.withLock(\.self) }
        func note(_ rows: [Int]) { noted.withLock { $0.append(rows) } }
    }

    private func limits(_ change: (inout SchedulerSettings) -> Void = { _ in }) -> SchedulerSettings {
        var limits = SchedulerSettings()
        limits.batchWait = .milliseconds(20)
        change(&limits)
        return limits
    }

    private func scheduler(
        _ limits: SchedulerSettings, _ batches: Batches = Batches(),
        work: @escaping @Sendable ([Int]) throws -> Void = { _ in }
    ) -> Scheduler<String, Int, Int> {
        Scheduler(limits) { _, rows in
            batches.note(rows)
            try work(rows)
            return rows.map { $0 * 10 }
        }
    }

    @Test func requestsThatComeTogetherAreComputedTogether() async throws {
        let batches = Batches()
        // As many as fit: nobody waits for more, and how busy the machine is decides nothing.
        let scheduler = scheduler(
            limits {
                $0.batchWait = .seconds(30)
                $0.batchRows = 8
            }, batches)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for row in 0..<8 {
                group.addTask {
                    let answers = try await scheduler.answer([(row, 1)], kind: "a").answers
                    #expect(answers == [row * 10])
                }
            }
            try await group.waitForAll()
        }
        #expect(batches.all.count == 1)
        #expect(Set(batches.all.joined()) == Set(0..<8))
    }

    @Test func kindsAreKeptApart() async throws {
        let batches = Batches()
        let scheduler = scheduler(limits(), batches)
        async let first = scheduler.answer([(1, 1)], kind: "a")
        async let second = scheduler.answer([(2, 1)], kind: "b")
        #expect(try await first.answers == [10])
        #expect(try await second.answers == [20])
        #expect(batches.all.count == 2)
    }

    @Test func batchesAreBoundedInRowsAndTokens() async throws {
        let batches = Batches()
        let scheduler = scheduler(
            limits {
                $0.batchRows = 3
                $0.batchTokens = 10
            }, batches)
        let answers = try await scheduler.answer([(1, 1), (2, 1), (3, 1), (4, 6), (5, 6), (6, 40), (7, 1)], kind: "a")
            .answers
        #expect(answers == [10, 20, 30, 40, 50, 60, 70])
        #expect(batches.all == [[1, 2, 3], [4], [5], [6], [7]])
    }

    @Test func whoeverWantsLittleDoesNotWaitForAllOfWhoWantsMuch() async throws {
        let batches = Batches()
        let gate = Gate()
        let scheduler = scheduler(limits { ($0.batchRows, $0.batchWait) = (4, .zero) }, batches) { rows in
            if rows == [0] { gate.wait() }
        }
        async let blocking = scheduler.answer([(0, 1)], kind: "a")
        try await until { batches.all.count == 1 }
        async let bulk = scheduler.answer((100..<112).map { ($0, 1) }, kind: "a")
        try await until { await scheduler.waitingRows == 12 }
        async let small = scheduler.answer([(1, 1)], kind: "a")
        try await until { await scheduler.waitingRows == 13 }
        gate.open()
        _ = try await (blocking, bulk, small)
        #expect(batches.all[1] == [100, 1, 101, 102])
    }

    /// However many requests somebody sends, whoever sends one is in the next batch.
    @Test func clientsTakeTurns() async throws {
        let (batches, gate) = (Batches(), Gate())
        let scheduler = scheduler(
            limits {
                $0.batchRows = 4
                $0.batchWait = .zero
            }, batches
        ) { rows in if rows == [0] { gate.wait() } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await scheduler.answer([(0, 1)], kind: "a", client: "many") }
            try await until { batches.all.count == 1 }
            for row in 1...20 {
                group.addTask { _ = try await scheduler.answer([(row, 1)], kind: "a", client: "many") }
            }
            try await until { await scheduler.waitingRows == 20 }
            group.addTask { _ = try await scheduler.answer([(100, 1), (101, 1)], kind: "a", client: "few") }
            try await until { await scheduler.waitingRows == 22 }
            gate.open()
            try await group.waitForAll()
        }
        #expect(batches.all[1].count == 4)
        #expect(Set(batches.all[1]).isSuperset(of: [100, 101]))
    }

    /// Turns go on from batch to batch: with batches of a row, each client has every second one.
    @Test func clientsTakeTurnsFromBatchToBatch() async throws {
        let (batches, gate) = (Batches(), Gate())
        let scheduler = scheduler(limits { ($0.batchRows, $0.batchWait) = (1, .zero) }, batches) { rows in
            if rows == [0] { gate.wait() }
        }
        async let blocking = scheduler.answer([(0, 1)], kind: "a", client: "other")
        try await until { batches.all.count == 1 }
        async let many = scheduler.answer((1...6).map { ($0, 1) }, kind: "a", client: "many")
        try await until { await scheduler.waitingRows == 6 }
        // Another kind is no reason to wait.
        async let few = scheduler.answer((11...13).map { ($0, 1) }, kind: "b", client: "few")
        try await until { await scheduler.waitingRows == 9 }
        gate.open()
        _ = try await (blocking, many, few)
        #expect(batches.all == [[0], [1], [11], [2], [12], [3], [13], [4], [5], [6]])
    }

    /// However many come, whoever has begun goes on.
    @Test func whoComesDoesNotGoBeforeWhoHasBegun() async throws {
        let (batches, first, second) = (Batches(), Gate(), Gate())
        let scheduler = scheduler(limits { ($0.batchRows, $0.batchWait) = (1, .zero) }, batches) { rows in
            if rows == [0] { first.wait() }
            if rows == [1] { second.wait() }
        }
        async let blocking = scheduler.answer([(0, 1)], kind: "a", client: "other")
        try await until { batches.all.count == 1 }
        async let many = scheduler.answer((1...3).map { ($0, 1) }, kind: "a", client: "many")
        try await until { await scheduler.waitingRows == 3 }
        first.open()
        try await until { batches.all.count == 2 }
        async let one = scheduler.answer([(21, 1)], kind: "a", client: "one")
        try await until { await scheduler.waitingRows == 3 }
        async let two = scheduler.answer([(22, 1)], kind: "a", client: "two")
        try await until { await scheduler.waitingRows == 4 }
        second.open()
        _ = try await (blocking, many, one, two)
        #expect(batches.all == [[0], [1], [2], [21], [22], [3]])
    }

    /// Of one client, each request has its turn.
    @Test func requestsTakeTurnsFromBatchToBatch() async throws {
        let (batches, gate) = (Batches(), Gate())
        let scheduler = scheduler(limits { ($0.batchRows, $0.batchWait) = (1, .zero) }, batches) { rows in
            if rows == [0] { gate.wait() }
        }
        async let blocking = scheduler.answer([(0, 1)], kind: "a")
        try await until { batches.all.count == 1 }
        async let long = scheduler.answer((1...4).map { ($0, 1) }, kind: "a")
        try await until { await scheduler.waitingRows == 4 }
        async let short = scheduler.answer([(11, 1)], kind: "a")
        try await until { await scheduler.waitingRows == 5 }
        gate.open()
        _ = try await (blocking, long, short)
        #expect(batches.all == [[0], [1], [11], [2], [3], [4]])
    }

    /// What runs beside one another is bounded in tokens, too; what is larger than that runs alone.
    @Test func whatRunsIsBoundedInTokens() async throws {
        let running = Mutex<[Int: Int]>([:])
        let most = Mutex(0)
        let limits = limits {
            ($0.batchRows, $0.batchWait, $0.width, $0.runningTokens) = (1, .zero, 8, 10)
        }
        let costs = [4, 5, 40, 3, 3, 3, 3, 11, 1]
        let scheduler = Scheduler<String, Int, Int>(limits) { _, rows in
            running.withLock { running in
                running[rows[0]] = costs[rows[0]]
                let sum = running.values.reduce(0, +)
                if running.count > 1 { most.withLock { $0 = max($0, sum) } }
            }
            usleep(20_000)
            running.withLock { $0[rows[0]] = nil }
            return rows
        }
        let answers = try await scheduler.answer(costs.indices.map { ($0, costs[$0]) }, kind: "a").answers
        #expect(answers == Array(costs.indices))
        #expect(2...10 ~= most.withLock(\.self))
    }

    @Test func whatDoesNotFitIsRefusedAtOnce() async throws {
        let (batches, gate) = (Batches(), Gate())
        let scheduler = scheduler(limits { ($0.queuedRows, $0.batchWait) = (2, .zero) }, batches) { _ in gate.wait() }
        async let running = scheduler.answer([(0, 1)], kind: "a")
        try await until { batches.all.count == 1 }
        async let waiting = scheduler.answer([(1, 1), (2, 1)], kind: "a")
        try await until { await scheduler.waitingRows == 2 }
        await #expect(throws: SchedulerError.full) { try await scheduler.answer([(3, 1)], kind: "a") }
        gate.open()
        #expect(try await running.answers == [0])
        #expect(try await waiting.answers == [10, 20])
    }

    @Test func whatWouldWaitTooLongIsRefusedAtOnce() async throws {
        let (batches, gate) = (Batches(), Gate())
        let limits = limits { ($0.batchRows, $0.batchWait, $0.queueDeadline) = (1, .zero, .seconds(40)) }
        let scheduler = scheduler(limits, batches) { rows in if rows == [0] { usleep(400_000) } else { gate.wait() } }
        #expect(try await scheduler.answer([(0, 1)], kind: "a").answers == [0])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await scheduler.answer([(1, 1)], kind: "a", client: "many") }
            try await until { batches.all.count == 2 }
            // At four tenths of a second each, somewhere below fifty of them it is enough.
            var count = 0
            while await scheduler.mayWait(1, tokens: 1, of: "many"), count < 200 {
                group.addTask { _ = try await scheduler.answer([(2, 1)], kind: "a", client: "many") }
                count += 1
                let wanted = count
                try await until { await scheduler.waitingRows == wanted }
            }
            #expect(2...50 ~= count)
            let start = ContinuousClock.now
            await #expect(throws: SchedulerError.full) {
                try await scheduler.answer([(3, 1)], kind: "a", client: "many")
            }
            #expect(ContinuousClock.now - start < .seconds(1))
            // Whoever asks for the first time has the next turn.
            #expect(await scheduler.mayWait(1, tokens: 1, of: "few"))
            gate.open()
            try await group.waitForAll()
        }
    }

    /// By the pace of the last batches, what is computed now takes longer than anybody may wait.
    @Test func whatWouldNotBeginInTimeIsRefusedAtOnce() async throws {
        let (batches, gate) = (Batches(), Gate())
        let limits = limits { ($0.batchWait, $0.queueDeadline) = (.zero, .seconds(20)) }
        let scheduler = scheduler(limits, batches) { rows in if rows == [0] { usleep(100_000) } else { gate.wait() } }
        #expect(try await scheduler.answer([(0, 1)], kind: "a").answers == [0])
        async let running = scheduler.answer([(1, 10_000)], kind: "a")
        try await until { batches.all.count == 2 }
        await #expect(throws: SchedulerError.full) { try await scheduler.answer([(2, 1)], kind: "a") }
        gate.open()
        #expect(try await running.answers == [10])
    }

    @Test func whatWaitsTooLongIsRefused() async throws {
        let (batches, gate) = (Batches(), Gate())
        let limits = limits { ($0.queueDeadline, $0.batchWait) = (.milliseconds(30), .zero) }
        let scheduler = scheduler(limits, batches) { _ in gate.wait() }
        async let running = scheduler.answer([(0, 1)], kind: "a")
        try await until { batches.all.count == 1 }
        await #expect(throws: SchedulerError.expired) { try await scheduler.answer([(1, 1)], kind: "a") }
        #expect(await scheduler.waitingRows == 0)
        gate.open()
        #expect(try await running.answers == [0])
    }

    @Test func whoeverGoesFreesThePlace() async throws {
        let (batches, gate) = (Batches(), Gate())
        let scheduler = scheduler(limits { $0.batchWait = .zero }, batches) { rows in if rows == [0] { gate.wait() } }
        async let running = scheduler.answer([(0, 1)], kind: "a")
        try await until { batches.all.count == 1 }
        let leaving = Task { try await scheduler.answer([(1, 1)], kind: "a") }
        try await until { await scheduler.waitingRows == 1 }
        leaving.cancel()
        await #expect(throws: CancellationError.self) { try await leaving.value }
        #expect(await scheduler.waitingRows == 0)
        gate.open()
        #expect(try await running.answers == [0])
        #expect(batches.all == [[0]])
    }

    @Test func aBatchThatNobodyWantsIsCancelled() async throws {
        let cancelled = Atomic(false)
        let scheduler = scheduler(limits { $0.batchWait = .zero }) { _ in
            for _ in 0..<20_000 where !Task.isCancelled { usleep(1000) }
            cancelled.store(Task.isCancelled, ordering: .relaxed)
        }
        let leaving = Task { try await scheduler.answer([(1, 1)], kind: "a") }
        try await Task.sleep(for: .milliseconds(50))
        leaving.cancel()
        await #expect(throws: CancellationError.self) { try await leaving.value }
        try await until { cancelled.load(ordering: .relaxed) }
    }

    @Test func noneSuffersFromAnothersFailure() async throws {
        struct Failure: Error {}
        let scheduler = scheduler(limits()) { rows in if rows.contains(13) { throw Failure() } }
        let rows = [1, 13, 2].map { row in Task { try await scheduler.answer([(row, 1)], kind: "a").answers } }
        #expect(try await rows[0].value == [10])
        #expect(try await rows[2].value == [20])
        await #expect(throws: Failure.self) { try await rows[1].value }
    }
}

/// Waits until something is so; fails after twenty seconds.
func until(_ isSo: @Sendable () async -> Bool) async throws {
    for _ in 0..<4000 {
        if await isSo() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    #expect(await isSo())
}
