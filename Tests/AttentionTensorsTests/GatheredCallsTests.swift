import AttentionTensors
import Foundation
import Synchronization
import Testing

/// Calls of many threads in rounds: each gets its own answer, whoever works.
@Suite struct GatheredCallsTests {
    private struct Call: GatheredCall {
        let number: Int
        var roundsLeft: Int
        var answer: Int?
        var isAnswered: Bool { answer != nil }
    }

    /// Each call takes as many rounds as it says, and is answered with the square of its number.
    private static func squares() -> GatheredCalls<Call> {
        GatheredCalls { calls in
            for place in calls.indices {
                calls[place].roundsLeft -= 1
                if calls[place].roundsLeft == 0 { calls[place].answer = calls[place].number * calls[place].number }
            }
        }
    }

    @Test func everybodyGetsTheirOwn() async {
        let calls = Self.squares()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for step in 0..<200 {
                        let number = task * 1000 + step
                        let found = calls.answer(Call(number: number, roundsLeft: 1 + number % 3))
                        #expect(found.answer == number * number)
                    }
                }
            }
        }
    }

    @Test func whoeverIsAloneWaitsForNobody() {
        let calls = GatheredCalls<Call>(patience: .seconds(60)) { calls in
            for place in calls.indices { calls[place].answer = 1 }
        }
        for _ in 0..<100 { _ = calls.answer(Call(number: 0, roundsLeft: 1)) }
    }

    private final class Sizes: Sendable {
        let noted = Mutex<[Int]>([])
    }

    /// Two who come again and again are worked on together, though neither knows of the other, and began at different times.
    @Test func companyComesTogether() async {
        let sizes = Sizes()
        let calls = GatheredCalls<Call>(patience: .milliseconds(500)) { calls in
            sizes.noted.withLock { $0.append(calls.count) }
            usleep(2000)
            for place in calls.indices { calls[place].answer = 1 }
        }
        // Threads of their own: of those that tests share, there may be one.
        await withCheckedContinuation { continuation in
            let group = DispatchGroup()
            for _ in 0..<2 {
                group.enter()
                Thread.detachNewThread {
                    for _ in 0..<50 { _ = calls.answer(Call(number: 0, roundsLeft: 1)) }
                    group.leave()
                }
            }
            group.notify(queue: .global()) { continuation.resume() }
        }
        let found = sizes.noted.withLock { $0 }
        #expect(found.reduce(0, +) == 100)
        #expect(found.contains(2), "\(found)")
    }

    /// Whoever comes back late is waited for, as long as another came shortly before, though all of it is longer than the patience.
    @Test func whoeverComesOneAfterTheOtherIsWaitedFor() async {
        let (sizes, others) = (Sizes(), DispatchSemaphore(value: 0))
        let calls = GatheredCalls<Call>(patience: .seconds(3)) { calls in
            let isFirst = sizes.noted.withLock { sizes in
                sizes.append(calls.count)
                return sizes.count == 1
            }
            if isFirst {
                for _ in 0..<2 { others.wait() }
                usleep(200_000)
            }
            for place in calls.indices { calls[place].answer = 1 }
        }
        await withCheckedContinuation { continuation in
            let group = DispatchGroup()
            for number in 0..<3 {
                group.enter()
                Thread.detachNewThread {
                    // The first is worked on while the others come.
                    while number > 0, sizes.noted.withLock(\.isEmpty) { usleep(1000) }
                    if number > 0 { others.signal() }
                    _ = calls.answer(Call(number: number, roundsLeft: 1))
                    if number == 0 { _ = calls.answer(Call(number: number, roundsLeft: 1)) }
                    usleep(UInt32(1_700_000 * number))
                    _ = calls.answer(Call(number: number, roundsLeft: 1))
                    group.leave()
                }
            }
            group.notify(queue: .global()) { continuation.resume() }
        }
        #expect(sizes.noted.withLock { $0 } == [1, 3, 3])
    }

    // MARK: Cancellation

    /// A thread for each job of a task.
    private final class OwnThreads: TaskExecutor {
        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    /// Whoever goes while others are worked on gets their call back as it is, nobody works on it, and the others are answered.
    @Test func whoeverIsCancelledIsNotWorkedOn() async throws {
        let (worked, going) = (Sizes(), DispatchSemaphore(value: 0))
        let calls = GatheredCalls<Call> { calls in
            worked.noted.withLock { $0 += calls.map(\.number) }
            going.wait()
            for place in calls.indices { calls[place].answer = calls[place].number }
        }
        let threads = OwnThreads()
        let staying = Task(executorPreference: threads) { calls.answer(Call(number: 1, roundsLeft: 1)).answer }
        while worked.noted.withLock(\.isEmpty) { try await Task.sleep(for: .milliseconds(1)) }
        let leaving = Task(executorPreference: threads) { calls.answer(Call(number: 2, roundsLeft: 1)).answer }
        try await Task.sleep(for: .milliseconds(20))
        leaving.cancel()
        going.signal()
        #expect(await staying.value == 1)
        #expect(await leaving.value == nil)
        // The next finds nobody in their way.
        going.signal()
        #expect(calls.answer(Call(number: 3, roundsLeft: 1)).answer == 3)
        #expect(worked.noted.withLock { $0 } == [1, 3])
    }

    // MARK: Shares

    /// Shares follow one another, cover all calls, and none has more than its part and the last call that belongs to it.
    @Test func rowsAreSharedEvenly() {
        var generator = RandomKey(seed: 5).generator()
        for _ in 0..<500 {
            let threadCount = Int.random(in: 1...5, using: &generator)
            let counts = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                Int.random(in: 1...12, using: &generator)
            }
            let total = counts.reduce(0, +)
            let shares = GatheredCalls<Call>.shares(of: counts, threadCount: threadCount)
            let places: [Int] = shares.flatMap { Array($0) }
            #expect(places == Array(counts.indices))
            #expect(shares.allSatisfy { !$0.isEmpty })
            #expect(shares.count <= threadCount)
            let isOne: Bool = threadCount == 1 || total < 24 * threadCount
            #expect((shares.count == 1) == isOne)
            guard shares.count > 1 else { continue }
            for share in shares {
                let rows: Int = counts[share].reduce(0, +)
                #expect(rows * threadCount < total + 24 * threadCount)
            }
        }
    }

    @Test func whatIsNotKnownIsForAllThreads() {
        #expect(GatheredCalls<Call>.shares(of: [40, nil, 40], threadCount: 2) == [0..<3])
        #expect(GatheredCalls<Call>.shares(of: [40, 10, 40], threadCount: 2) == [0..<2, 2..<3])
        // What one brings that is more than a thread's part is for all threads, too.
        #expect(GatheredCalls<Call>.shares(of: [60, 50, 10], threadCount: 2) == [0..<1, 1..<3])
        #expect(GatheredCalls<Call>.shares(of: [61, 50, 10], threadCount: 2) == [0..<3])
    }

    private struct Rows: GatheredCall {
        let number: Int
        var answer: Int?
        var isAnswered: Bool { answer != nil }
        var rowCount: Int? { 24 * Parallel.threadCount }
    }

    /// Whoever brings enough rows for every thread is answered all the same, and in their own words.
    @Test func sharesAreAnswered() async {
        let calls = GatheredCalls<Rows> { calls in
            for place in calls.indices { calls[place].answer = calls[place].number + 1 }
        }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for step in 0..<100 {
                        #expect(calls.answer(Rows(number: 100 * task + step)).answer == 100 * task + step + 1)
                    }
                }
            }
        }
    }
}
