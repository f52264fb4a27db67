import Attention
internal import Synchronization

/// The models that are served, by name.
///
/// ```swift
/// let host = try ModelHost([.standard(), .open("minilm", at: "all-MiniLM-L6-v2")])
/// ```
///
/// A model is open once, whoever asks and however many; all that requests hold of it are references to one copy of its weights.
public final class ModelHost: Sendable {
    private let served: Mutex<[HostedModel]>
    private let stopping = Atomic<Bool>(false)

    /// A host of these models.
    /// - Throws: `ModelHostError` if there are none, or two have one name.
    public init(_ models: [HostedModel]) throws(ModelHostError) {
        try Self.check(models)
        served = Mutex(models)
    }

    /// A host of models that stay open.
    /// - Throws: `ModelHostError` as above.
    public convenience init(_ models: [ServedModel]) throws(ModelHostError) {
        try self.init(models.map { HostedModel($0) })
    }

    /// All models, in the order in which they were given.
    public var models: [HostedModel] { served.withLock(\.self) }

    /// Serves other models from now on: what was asked before is still answered by those that were there.
    /// - Throws: `ModelHostError` as above; nothing changes then.
    public func replace(with models: [HostedModel]) throws(ModelHostError) {
        try Self.check(models)
        served.withLock { $0 = models }
    }

    /// Closes the models for which nobody has asked in a while, those that say how long that is; they are opened when somebody asks again.
    /// - Returns: their names.
    public func closeIdle() async -> [String] {
        var names: [String] = []
        for model in models {
            if await model.closeIfIdle() { names.append(model.name) }
        }
        if !names.isEmpty { TensorMemory.releaseUnused() }
        return names
    }

    private static func check(_ models: [HostedModel]) throws(ModelHostError) {
        guard !models.isEmpty else { throw .none }
        var names: Set<String> = []
        for model in models where !names.insert(model.name).inserted { throw .twice(model.name) }
    }

    /// Whether the server has been told to stop.
    public var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// Says from now on that requests should go elsewhere. What comes all the same is answered.
    public func stop() { stopping.store(true, ordering: .relaxed) }

    // MARK: By what they do

    func embedder(_ name: String?) async throws(RouteError) -> ServedEmbedder {
        try await model(name, "embedding") { if case .embedder(let model) = $0 { model } else { nil } }
    }

    func classifier(_ name: String?) async throws(RouteError) -> ServedClassifier {
        try await model(name, "classification") { if case .classifier(let model) = $0 { model } else { nil } }
    }

    func reranker(_ name: String?) async throws(RouteError) -> ServedReranker {
        try await model(name, "reranking") { if case .reranker(let model) = $0 { model } else { nil } }
    }

    func translator(_ name: String?) async throws(RouteError) -> ServedTranslator {
        try await model(name, "translation") { if case .translator(let model) = $0 { model } else { nil } }
    }

    func generator(_ name: String?) async throws(RouteError) -> ServedGenerator {
        try await model(name, "generation") { if case .generator(let model) = $0 { model } else { nil } }
    }

    func transcriber(_ name: String?) async throws(RouteError) -> ServedTranscriber {
        try await model(name, "transcription") { if case .transcriber(let model) = $0 { model } else { nil } }
    }

    /// Refuses a request of a client before it is read, where none of the models that could be meant would take as little as a token. A client that is
    /// not known yet has as much room as any.
    /// - Throws: `SchedulerError.full`.
    func checkRoom(for task: String, client: String) async throws {
        var isFull = false
        for model in models where model.task.word == task {
            // One that is closed has nothing to do.
            guard let queue = model.current?.queue, await !queue.mayWait(1, tokens: 1, of: client) else { return }
            isFull = true
        }
        guard !isFull else { throw SchedulerError.full }
    }

    /// What models for a task are called.
    func names(for task: String) -> [String] { models.filter { $0.task.word == task }.map(\.name) }

    /// Between which languages is translated, and by which model.
    var translations: [(name: String, source: String, target: String)] {
        models.compactMap { model in
            if case .translation(let source, let target) = model.task { (model.name, source, target) } else { nil }
        }
    }

    /// The model of this name that does this; the first that does if no name is said.
    private func model<Model>(
        _ name: String?, _ task: String, _ of: (ServedModel) -> Model?
    ) async throws(RouteError) -> Model {
        for model in models where model.task.word == task && (name == nil || model.name == name) {
            guard let opened = try? await model.model(), let found = of(opened) else {
                throw RouteError(.backend, "the model cannot be opened")
            }
            return found
        }
        guard let name else { throw RouteError(.unknownModel, "no model for \(task) is served here") }
        let known = names(for: task).joined(separator: ", ")
        throw RouteError(
            .unknownModel,
            "expected a model for \(task) (\(known.isEmpty ? "none is served here" : known)), found \(name.prefix(64))",
            parameter: "model")
    }
}

/// Models that cannot be served together.
public enum ModelHostError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There are none.
    case none
    /// Two have one name.
    case twice(String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .none: "serve: expected at least one model, found none"
        case .twice(let name): "serve: expected a name for each model, found \(name) twice; call one of them otherwise"
        }
    }
}
