import AttentionServer
import Synchronization
import Testing

/// What happens at a time, and what does not.
@Suite(.timeLimit(.minutes(1))) struct AlarmTests {
    /// Against a list that is searched through.
    @Test func actionsComeInTheOrderOfTheirTimes() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var actions = TimedActions<Int, Int>()
            var wanted: [(time: Int, id: Int, action: Int)] = []
            for action in 0..<60 {
                let time = Int.random(in: 0..<20, using: &generator)
                wanted.append((time, actions.add(action, at: time), action))
                if Int.random(in: 0..<3, using: &generator) == 0, let gone = wanted.indices.randomElement() {
                    actions.remove(wanted.remove(at: gone).id)
                }
                if Int.random(in: 0..<6, using: &generator) == 0 {
                    let now = Int.random(in: 0..<20, using: &generator)
                    let due = wanted.filter { $0.time <= now }.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
                    wanted.removeAll { $0.time <= now }
                    #expect(actions.takeAll(until: now) == due.map(\.action))
                }
                #expect(actions.count == wanted.count)
            }
            let rest = wanted.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
            #expect(actions.takeAll(until: 20) == rest.map(\.action))
            #expect(actions.next == nil && actions.entryCount == 0)
        }
    }

    /// As many requests as anybody sends, each answered long before its deadline.
    @Test func whatIsTakenBackLeavesNothing() {
        var actions = TimedActions<Int, Int>()
        let kept = (0..<10).map { actions.add($0, at: 1000 + $0) }
        for action in 10..<10_000 {
            actions.remove(actions.add(action, at: 1000 + action))
            #expect(actions.entryCount <= 2 * actions.count + 65)
        }
        #expect(actions.count == 10)
        actions.remove(kept[3])
        actions.remove(kept[3])
        #expect(actions.takeAll(until: 20_000) == [0, 1, 2, 4, 5, 6, 7, 8, 9])
    }

    @Test func alarmsGoOffUnlessTheyAreTakenBack() async throws {
        let noted = Mutex<[Int]>([])
        _ = Alarm(after: .milliseconds(600)) { noted.withLock { $0.append(2) } }
        let third = Alarm(after: .milliseconds(900)) { noted.withLock { $0.append(3) } }
        third.cancel()
        _ = Alarm(after: .milliseconds(30)) { noted.withLock { $0.append(1) } }
        _ = Alarm(after: .milliseconds(1200)) { noted.withLock { $0.append(4) } }
        try await until { noted.withLock(\.count) >= 3 }
        #expect(noted.withLock(\.self) == [1, 2, 4])
        let start = ContinuousClock.now
        let rang = Atomic(false)
        _ = Alarm(after: .zero) { rang.store(true, ordering: .relaxed) }
        try await until { rang.load(ordering: .relaxed) }
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
