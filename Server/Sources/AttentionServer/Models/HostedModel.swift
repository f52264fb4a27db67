internal import Synchronization

/// A model under its name: open, or opened when somebody asks for it.
///
/// Whoever asks while it is being opened waits for that. Whoever has it keeps it until they are done, whatever becomes of it here.
public final class HostedModel: Sendable {
    /// What clients call it.
    public let name: String
    /// What it does.
    public let task: ServedTask
    private let idle: Duration?
    private let opener: @Sendable () throws -> ServedModel
    private let state: Mutex<State>

    private struct State: Sendable {
        /// Nil while it is closed.
        var presence: Presence?
        var lastAsked = ContinuousClock.now
    }

    private enum Presence: Sendable {
        case opening(Task<ServedModel, any Error>)
        case open(ServedModel)
    }

    /// A model that is open for as long as it is served.
    public init(_ model: ServedModel) {
        (name, task, idle, opener) = (model.name, model.task, nil, { model })
        state = Mutex(State(presence: .open(model)))
    }

    /// A model that is closed.
    /// - Parameters:
    ///   - idle: for how long nobody asks until `ModelHost.closeIdle` closes it again; nil for ever.
    ///   - open: opens it, on a thread of its own.
    public init(
        _ name: String, _ task: ServedTask, idle: Duration? = nil, open: @escaping @Sendable () throws -> ServedModel
    ) {
        (self.name, self.task, self.idle, opener) = (name, task, idle, open)
        state = Mutex(State())
    }

    /// Opens it now, if it is closed.
    /// - Throws: what is wrong with it.
    public func open() async throws {
        _ = try await model()
    }

    /// The model if it is open.
    package var current: ServedModel? {
        state.withLock { if case .open(let model) = $0.presence { model } else { nil } }
    }

    /// The model, which is opened if it is closed.
    /// - Throws: what is wrong with it; whoever asks next tries again.
    package func model() async throws -> ServedModel {
        let presence = state.withLock { state in
            let presence = state.presence ?? .opening(opening())
            (state.presence, state.lastAsked) = (presence, .now)
            return presence
        }
        switch presence {
        case .open(let model): return model
        case .opening(let task): return try await task.value
        }
    }

    private func opening() -> Task<ServedModel, any Error> {
        Task(executorPreference: ComputeThreads.shared) { [self] in
            do {
                let model = try opener()
                state.withLock { $0.presence = .open(model) }
                return model
            } catch {
                state.withLock { $0.presence = nil }
                throw error
            }
        }
    }

    /// Closes it if nobody has asked for it in a while, and nothing is computed with it.
    /// - Returns: whether it was closed.
    package func closeIfIdle() async -> Bool {
        guard let idle, let model = current, await model.queue.isIdle else { return false }
        return state.withLock { state in
            guard case .open = state.presence, .now - state.lastAsked >= idle else { return false }
            state.presence = nil
            return true
        }
    }
}
