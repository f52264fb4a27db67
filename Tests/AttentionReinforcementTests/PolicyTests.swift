import AttentionReinforcement
import AttentionTensors
import Testing

/// Every kind of policy: what it reads at once is what it does step by step, and it learns.
@Suite struct PolicyTests {
    /// A corridor of a few cells.
    private func maze() throws -> MemoryMaze { try MemoryMaze(delay: 4) }

    private func policy(_ kind: PolicyKind) throws -> any Policy {
        try PolicySettings(kind, hiddenSize: 8, headCount: kind == .attention ? 2 : 1).policy(
            for: maze(), key: RandomKey(seed: 4)
        ).mapTensors { name, tensor in
            // Logits that differ, so that a mistake shows.
            name.hasPrefix("heads.action") ? .normal(tensor.shape, key: RandomKey(seed: 9)) : tensor
        }
    }

    @Test(arguments: PolicyKind.allCases) func stepsAreWhatIsReadAtOnce(_ kind: PolicyKind) throws {
        func check(_ policy: some Policy) throws {
            let rollout = try Rollout(
                of: policy, in: maze(), environmentCount: 9, stepCount: 40, key: RandomKey(seed: 2))
            #expect(rollout.stepCount == 9 * 40)
            #expect(rollout.episodes.count { $0.isWhole } > 9)
            for episode in rollout.episodes {
                let seen = try Tensor(episode.observations, shape: [1, episode.count, 9])
                let output = try policy.read(seen)
                #expect(output.logits.shape == [1, episode.count, 3] && output.values.shape == [1, episode.count])
                let logs = try output.logits.logSoftmax()
                for step in 0..<episode.count {
                    #expect(abs(logs[0, step, episode.actions[step]] - episode.logProbabilities[step]) < 1e-4)
                    #expect(abs(output.values[0, step] - episode.values[step]) < 1e-4)
                }
            }
        }
        try check(policy(kind))
    }

    /// A cut-off episode is worth what the policy expects of what follows; one that has ended is worth nothing more.
    @Test func whatFollowsIsWorthWhatThePolicySays() throws {
        func check(_ policy: some Policy) throws {
            let rollout = try Rollout(
                of: policy, in: maze(), environmentCount: 3, stepCount: 60, key: RandomKey(seed: 6))
            let limit = try maze().stepLimit
            for episode in rollout.episodes {
                if episode.isWhole, episode.count < limit {
                    #expect(episode.lastValue == 0)
                } else if !episode.isWhole || episode.rewards.last == -0.02 {
                    #expect(episode.lastValue != 0)
                }
            }
            #expect(rollout.episodes.contains { $0.isWhole && $0.count < limit })
            #expect(rollout.episodes.contains { $0.isWhole && $0.count == limit })
        }
        try check(policy(.lstm))
    }

    @Test(arguments: PolicyKind.allCases) func everyParameterLearns(_ kind: PolicyKind) throws {
        func check(_ policy: some Policy) throws {
            var course = PolicyCourse(.memoryMaze)
            (course.environmentCount, course.stepCount, course.epochCount, course.batchSize) = (4, 14, 1, 1000)
            var trainer = PolicyTrainer(policy, try maze(), course: course, seed: 3)
            let before = Dictionary(
                uniqueKeysWithValues: policy.parameters().map { ($0.name, $0.parameter.tensor.values) })
            let report = try trainer.iterate()
            #expect(report.stepCount == 56 && report.iteration == 1)
            // Before the first update the policy is the one that played.
            #expect(abs(report.parts["divergence"] ?? 1) < 1e-5 && report.parts["clipped"] == 0)
            for (name, parameter) in trainer.policy.parameters() {
                // A bias that all keys share changes no softmax.
                if name == "attention.key.bias" { continue }
                #expect(parameter.tensor.values != before[name], "\(name)")
            }
        }
        try check(policy(kind))
    }

    /// The same training, whatever the threads do.
    @Test func aTrainingFollowsFromItsSeed() throws {
        func returns(seed: UInt64) throws -> [Float] {
            var course = PolicyCourse(.memoryMaze)
            (course.environmentCount, course.stepCount, course.epochCount, course.batchSize) = (12, 14, 2, 40)
            let policy = RememberingPolicy(
                try maze().layout, actionCount: 3, hiddenSize: 8, headCount: 1, key: RandomKey(seed: 1))
            var trainer = PolicyTrainer(policy, try maze(), course: course, seed: seed)
            return try (0..<2).flatMap { _ in
                let report = try trainer.iterate()
                return [report.meanReturn, Float(report.loss)]
            }
        }
        #expect(try returns(seed: 1) == returns(seed: 1))
        #expect(try returns(seed: 1) != returns(seed: 2))
    }

    /// A maze whose sign is two steps back: attention turns as it says, a reflex cannot.
    @Test func attentionRemembersWhatAReflexForgets() throws {
        func success(_ kind: PolicyKind, iterations: Int) throws -> Double {
            func train(_ policy: some Policy) throws -> Double {
                let world = try MemoryMaze(delay: 2)
                var course = PolicyCourse(.memoryMaze)
                (course.environmentCount, course.stepCount, course.batchSize) = (32, 16, 256)
                (course.iterationCount, course.rate) = (iterations, 5e-3)
                var trainer = PolicyTrainer(policy, world, course: course, seed: 1)
                for _ in 0..<course.iterationCount {
                    if try trainer.iterate().success > 0.99 { break }
                }
                let results = try PolicyRun.results(
                    of: trainer.policy, in: world, episodeCount: 200, choice: .likeliest, key: RandomKey(seed: 11))
                return Double(results.count(where: \.isSuccess)) / 200
            }
            let settings = PolicySettings(kind, hiddenSize: 16)
            return try train(settings.policy(for: try MemoryMaze(delay: 2), key: RandomKey(seed: 1)))
        }
        #expect(try success(.attention, iterations: 60) > 0.95)
        #expect(try abs(success(.mlp, iterations: 15) - 0.5) < 0.15)
    }

    /// Before anything is learnt some of many heads looks at the sign a hundred steps back, so that what it said can be learnt from.
    @Test func someHeadLooksFarBackFromTheBeginning() throws {
        func share(seed: UInt64) throws -> Float {
            var maze = try MemoryMaze(delay: 100)
            maze.reset(key: RandomKey(seed: seed))
            let policy = RememberingPolicy(
                maze.layout, actionCount: 3, hiddenSize: 32, headCount: 16, key: RandomKey(seed: seed))
            var recollection = try policy.begin(1)
            var gaze: PolicyGaze?
            for step in 0...100 {
                let seen = try Tensor(maze.observation, shape: [1, 9])
                gaze = try policy.step(seen, &recollection, begins: [step == 0]).gaze
                if step < 100 { _ = try maze.step(0) }
            }
            guard case .steps(let weights, _) = gaze else { return 0 }
            // The state behind the sign is still much the same a step or two later.
            return (0..<16).map { head in (0..<3).reduce(0) { $0 + weights[0, head, $1] } }.max() ?? 0
        }
        let seeds: [UInt64] = Array(1...20)
        #expect(try seeds.count { try share(seed: $0) > 0.1 } >= 14)
    }

    @Test func sizesMustFit() throws {
        let world = try maze()
        #expect(
            sentence { _ = try PolicySettings(.lstm, hiddenSize: 0).policy(for: world, key: .blank) }
                == "settings: expected policy.hiddenSize to be from 1 to 4096, found 0")
        #expect(
            sentence { _ = try PolicySettings(.attention, hiddenSize: 8, headCount: 3).policy(for: world, key: .blank) }
                == "settings: expected policy.headCount to be a divisor of the hidden size 8, found 3")
        var course = PolicyCourse(.cartPole)
        course.batchSize = 0
        #expect(
            sentence { try course.validate() }
                == "settings: expected course.batchSize to be from 1 to 1000000, found 0")
    }

    @Test func gazesAreShares() throws {
        func check(_ policy: some Policy, _ kind: PolicyKind) throws {
            var run = try PolicyRun(of: policy, in: maze(), choice: .sampled, key: RandomKey(seed: 8))
            while let move = try run.next() {
                #expect(abs(move.probabilities.reduce(0, +) - 1) < 1e-5)
                switch (move.gaze, kind) {
                case (.objects(let shares), .objects): #expect(shares.count == 3 && abs(shares.reduce(0, +) - 1) < 1e-5)
                case (.steps(let shares), .attention):
                    #expect(shares.count == run.stepCount && abs(shares.reduce(0, +) - 1) < 1e-5)
                case (nil, .mlp), (nil, .lstm): break
                default: Issue.record("\(kind) looked at \(String(describing: move.gaze))")
                }
            }
            #expect(run.isOver)
        }
        for kind in PolicyKind.allCases { try check(policy(kind), kind) }
    }
}
