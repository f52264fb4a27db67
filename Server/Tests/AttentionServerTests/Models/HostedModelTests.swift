import Attention
import AttentionServer
import Synchronization
import Testing

/// Models that are opened when somebody asks, and closed when nobody does.
@Suite(.timeLimit(.minutes(2))) struct HostedModelTests {
    private let path = taskFolders + "vectors"

    /// What lives only as long as somebody else has it.
    private struct Seen {
        weak var value: (any WorkQueue)?
    }

    private func hosted(
        idle: Duration? = nil, open: (@Sendable () throws -> ServedModel)? = nil
    ) -> HostedModel {
        let path = path
        return HostedModel("vectors", .embedding, idle: idle, open: open ?? { try .open("vectors", at: path) })
    }

    @Test func oneOpeningIsEnoughForAllWhoWait() async throws {
        let (gate, path) = (Gate(), path)
        let count = Atomic(0)
        let model = hosted {
            count.add(1, ordering: .relaxed)
            gate.wait()
            return try .open("vectors", at: path)
        }
        #expect(model.current == nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let name = try await model.model().name
                    #expect(name == "vectors")
                }
            }
            try await until { count.load(ordering: .relaxed) == 1 }
            gate.open()
            try await group.waitForAll()
        }
        #expect(count.load(ordering: .relaxed) == 1)
        #expect(model.current != nil)
    }

    @Test func whatCouldNotBeOpenedIsTriedAgain() async throws {
        struct Failure: Error {}
        let path = path
        let isWhole = Atomic(false)
        let model = hosted {
            guard isWhole.load(ordering: .relaxed) else { throw Failure() }
            return try .open("vectors", at: path)
        }
        try await serving(try ModelHost([model])) { client in
            let refused = try await client.post("/embed", #"{"inputs": "sun"}"#)
            #expect(refused.status == 424)
            #expect(refused.text.contains("the model cannot be opened"))
            isWhole.store(true, ordering: .relaxed)
            #expect(try await client.post("/embed", #"{"inputs": "sun"}"#).status == 200)
        }
    }

    @Test func whatNobodyAsksForIsClosedAndOpenedAgain() async throws {
        let host = try ModelHost([hosted(idle: .zero)])
        try await serving(host) { client in
            #expect(try await client.get("/v1/models").text.contains(#""task":"embedding""#))
            #expect(try await client.get("/metrics").text.contains(#"attention_model_open{model="vectors"} 0"#))
            let first = try await client.post("/embed", #"{"inputs": "sun"}"#)
            #expect(first.status == 200)
            #expect(try await client.get("/metrics").text.contains(#"attention_model_open{model="vectors"} 1"#))
            #expect(await host.closeIdle() == ["vectors"])
            #expect(try await client.get("/metrics").text.contains(#"attention_model_open{model="vectors"} 0"#))
            #expect(try await client.post("/embed", #"{"inputs": "sun"}"#).text == first.text)
        }
    }

    /// Whoever has a model keeps it, and only they do.
    @Test func whatIsUsedLivesOn() async throws {
        let hosted = hosted(idle: .zero)
        var model: ServedModel? = try await hosted.model()
        let queue = Seen(value: model?.queue)
        #expect(await hosted.closeIfIdle())
        #expect(hosted.current == nil && queue.value != nil)
        if case .embedder(let embedder)? = model {
            #expect(try embedder.embedder.embed(["sun"]).count == 1)
        }
        model = nil
        for _ in 0..<4000 where queue.value != nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(queue.value == nil)
    }

    @Test func whatComputesIsNotClosed() async throws {
        let gate = Gate()
        let begun = Atomic(false)
        let scheduler = Scheduler<String, Int, Int>(SchedulerSettings()) { _, rows in
            begun.store(true, ordering: .relaxed)
            gate.wait()
            return rows
        }
        async let answer = scheduler.answer([(1, 1)], kind: "a")
        try await until { begun.load(ordering: .relaxed) }
        #expect(await !scheduler.isIdle)
        gate.open()
        #expect(try await answer.answers == [1])
        #expect(await scheduler.isIdle)
    }

    @Test func whatIsNotIdleForLongEnoughStaysOpen() async throws {
        let patient = hosted(idle: .seconds(600))
        try await patient.open()
        #expect(await !patient.closeIfIdle())
        let permanent = HostedModel(try .open("vectors", at: path))
        #expect(await !permanent.closeIfIdle())
        #expect(permanent.current != nil)
    }

    @Test(arguments: [
        ("vectors", ServedTask.embedding), ("classes", .classification), ("pairs", .reranking),
        ("continuations", .generation),
    ]) func whatAFolderWasMadeForIsKnownBeforeItIsOpened(_ folder: String, _ task: ServedTask) throws {
        #expect(try ServedTask.of("any", at: taskFolders + folder) == task)
        #expect(try ServedModel.open("any", at: taskFolders + folder).task == task)
    }
}
