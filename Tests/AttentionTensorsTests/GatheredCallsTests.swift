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
}
