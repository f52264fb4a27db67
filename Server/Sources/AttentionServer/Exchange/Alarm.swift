import Dispatch
internal import Synchronization

/// Something that happens at a time unless it is taken back before: one timer for all that wait in the process.
///
/// A task that sleeps until a deadline is kept until then even if it was cancelled long before, and every request has a deadline of minutes that hardly
/// any reaches. Of an alarm that was taken back nothing stays.
package struct Alarm: Sendable {
    private let id: Int

    /// Acts after so long. It acts on a thread of the timer, which it must not hold up.
    package init(after duration: Duration, _ act: @escaping @Sendable () -> Void) {
        id = Alarms.shared.add(act, at: .now + max(.zero, duration))
    }

    /// It does not act any more, unless it does already.
    package func cancel() { Alarms.shared.remove(id) }
}

/// All alarms of the process.
private final class Alarms: Sendable {
    static let shared = Alarms()

    private struct State {
        var actions = TimedActions<ContinuousClock.Instant, @Sendable () -> Void>()
        let timer: any DispatchSourceTimer
        /// When the timer rings next; nil if it does not.
        var ringing: ContinuousClock.Instant?
    }

    private let state: Mutex<State>

    private init() {
        let timer = DispatchSource.makeTimerSource(
            queue: DispatchQueue(label: "attention.alarms", qos: .userInteractive))
        timer.setEventHandler { Alarms.shared.ring() }
        timer.activate()
        state = Mutex(State(timer: timer))
    }

    func add(_ act: @escaping @Sendable () -> Void, at time: ContinuousClock.Instant) -> Int {
        state.withLock { state in
            let id = state.actions.add(act, at: time)
            Self.arm(&state)
            return id
        }
    }

    func remove(_ id: Int) { state.withLock { $0.actions.remove(id) } }

    private func ring() {
        let due = state.withLock { state in
            state.ringing = nil
            let due = state.actions.takeAll(until: .now)
            Self.arm(&state)
            return due
        }
        for act in due { act() }
    }

    /// Sees that the timer rings for the earliest; it may ring once more for one that was taken back.
    private static func arm(_ state: inout State) {
        guard let next = state.actions.next, next < state.ringing ?? .now + .seconds(1 << 32) else { return }
        state.ringing = next
        let seconds = max(0, (next - .now).seconds)
        state.timer.schedule(deadline: .now() + seconds, leeway: .milliseconds(1))
    }
}
