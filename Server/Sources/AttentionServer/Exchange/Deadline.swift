/// Waits that end.
enum Deadline {
    /// What the operation gives, if it does so in time; it is cancelled otherwise.
    /// - Throws: `RouteError` if it takes longer; what the operation throws.
    static func within<Result: Sendable>(
        _ limit: Duration, _ operation: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else {
                throw RouteError(
                    .overloaded(retryAfter: 5),
                    "the answer took longer than \(limit.components.seconds) seconds; ask for less at once")
            }
            return result
        }
    }
}
