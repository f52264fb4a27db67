internal import Synchronization

/// The other end of a connection, as far as a request cares: whether it is still there.
final class Connection: Sendable {
    private struct State {
        var isOpen = true
        var lastID = 0
        var watchers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Runs an operation, and cancels it if the client goes or it takes too long.
    /// - Throws: `RouteError` if it takes longer than the limit; what the operation throws.
    func whileOpen<Result: Sendable>(
        for limit: Duration, _ operation: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let isLate = Atomic(false)
        let task = Task { try await operation() }
        let id = watch { task.cancel() }
        let alarm = Alarm(after: limit) {
            isLate.store(true, ordering: .relaxed)
            task.cancel()
        }
        defer {
            alarm.cancel()
            forget(id)
        }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch  where isLate.load(ordering: .relaxed) {
            throw RouteError(
                .overloaded(retryAfter: 5),
                "the answer took longer than \(limit.components.seconds) seconds; ask for less at once")
        }
    }

    /// Told once when the client goes; at once if it has gone.
    private func watch(_ watcher: @escaping @Sendable () -> Void) -> Int {
        let (id, isOpen) = state.withLock { state in
            state.lastID += 1
            if state.isOpen { state.watchers[state.lastID] = watcher }
            return (state.lastID, state.isOpen)
        }
        if !isOpen { watcher() }
        return id
    }

    private func forget(_ id: Int) { state.withLock { $0.watchers[id] = nil } }

    /// The client has gone.
    func close() {
        let watchers = state.withLock { state in
            defer { (state.isOpen, state.watchers) = (false, [:]) }
            return state.watchers.values.map(\.self)
        }
        for watcher in watchers { watcher() }
    }
}
