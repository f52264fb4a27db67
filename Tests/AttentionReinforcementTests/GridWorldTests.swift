import AttentionReinforcement
import AttentionTensors
import Testing

/// The grid worlds against their definitions, by someone who sees everything, by chance, and by someone who forgets.
@Suite struct GridWorldTests {
    /// A step toward a place, given as right and down.
    private func toward(_ right: Float, _ down: Float) -> Int {
        abs(right) > abs(down) ? (right > 0 ? 3 : 2) : (down > 0 ? 1 : 0)
    }

    /// Plays an episode of the key: takes the key, if it is to, and goes to the door of a colour, told from the key's.
    private func keyEpisode(
        _ world: KeyToDoor, seed: UInt64, takesKey: Bool = true, _ door: (_ colour: Int) -> Int
    ) throws -> (reward: Float, steps: Int, outcome: StepOutcome) {
        var world = world
        world.reset(key: RandomKey(seed: seed))
        var (colour, sum, steps) = (-1, Float(0), 0)
        while true {
            let objects = stride(from: 0, to: 42, by: 7).map { Array(world.observation[$0..<$0 + 7]) }
            let agent = objects[0]
            var action = 0
            if objects[1][0] == 1 {
                colour = try #require(objects[1][3...].firstIndex(of: 1)) - 3
                if takesKey { action = toward(objects[1][1] - agent[1], objects[1][2] - agent[2]) }
            } else if objects[2][0] == 1 {
                let wanted = door(colour)
                let place = try #require(objects[2...].first { $0[3 + wanted] == 1 })
                action = toward(place[1] - agent[1], place[2] - agent[2])
            }
            let outcome = try world.step(action)
            (sum, steps) = (sum + outcome.reward, steps + 1)
            if outcome.isLast { return (sum, steps, outcome) }
        }
    }

    @Test func theKeyOpensTheDoorOfItsColour() throws {
        for (size, delay) in [(3, 0), (5, 20), (7, 3)] {
            let world = try KeyToDoor(size: size, delay: delay)
            for seed in 0..<40 as Range<UInt64> {
                let right = try keyEpisode(world, seed: seed) { $0 }
                #expect(right.reward == 1 && right.outcome.isTerminated, "\(size) \(delay) \(seed)")
                #expect(right.steps == size + 1 + delay + size / 2)
                #expect(try keyEpisode(world, seed: seed) { ($0 + 1) % 4 }.reward == 0)
            }
        }
        // Whoever only goes up comes upon the key now and then.
        let world = try KeyToDoor()
        let without = try (0..<40 as Range<UInt64>).map {
            try keyEpisode(world, seed: $0, takesKey: false) { $0 }.reward
        }
        #expect(without.reduce(0, +) < 10)
    }

    /// Whoever forgets the key's colour opens one door in four.
    @Test func chanceIsAQuarter() throws {
        let world = try KeyToDoor(delay: 2)
        let rewards = try (0..<800 as Range<UInt64>).map { try keyEpisode(world, seed: $0) { _ in 2 }.reward }
        #expect(abs(rewards.reduce(0, +) / 800 - 0.25) < 0.05)
    }

    /// Up and down by turns, nobody comes to a door.
    @Test func doorsAreWaitedForNoLongerThanTwiceTheSize() throws {
        var world = try KeyToDoor(size: 5, delay: 3)
        world.reset(key: RandomKey(seed: 1))
        var outcomes: [StepOutcome] = []
        while outcomes.last?.isLast != true { outcomes.append(try world.step(outcomes.count % 2)) }
        #expect(outcomes.count == 6 + 3 + 10 && outcomes.count == world.stepLimit)
        #expect(outcomes.last == StepOutcome(reward: 0, isTruncated: true))
        #expect(
            sentence { _ = try KeyToDoor(size: 4) }
                == "settings: expected environment.size to be 3, 5, 7 or 9, found 4")
        #expect(
            sentence { _ = try KeyToDoor(delay: -1) }
                == "settings: expected environment.delay to be from 0 to 1000, found -1")
    }

    @Test func theSignTellsTheArm() throws {
        for delay in [2, 7, 100] {
            for seed in 0..<20 as Range<UInt64> {
                for isHeeded in [true, false] {
                    var maze = try MemoryMaze(delay: delay)
                    maze.reset(key: RandomKey(seed: seed))
                    let isLeft = maze.observation[1] == 1
                    #expect(maze.observation.prefix(3) == (isLeft ? [1, 1, 0] : [1, 0, 1]))
                    for _ in 0..<delay {
                        #expect(try maze.step(0) == StepOutcome(reward: 0))
                        #expect(maze.observation[0] == 0)
                    }
                    #expect(maze.observation == [0, 0, 0, 0, 0, 0, 1, 1, 1])
                    #expect(try maze.step(0).reward == -0.02)
                    let outcome = try maze.step(isLeft == isHeeded ? 1 : 2)
                    #expect(outcome == StepOutcome(reward: isHeeded ? 1 : 0, isTerminated: true))
                }
            }
        }
        var maze = try MemoryMaze(delay: 10)
        maze.reset(key: RandomKey(seed: 1))
        let outcomes = try (0..<16).map { _ in try maze.step(1) }
        #expect(outcomes.map(\.reward) == [Float](repeating: -0.02, count: 16))
        #expect(outcomes.last == StepOutcome(reward: -0.02, isTruncated: true) && maze.stepLimit == 16)
        #expect(sentence { _ = try MemoryMaze(delay: 0) }.contains("environment.delay to be from 1 to 1000, found 0"))
    }

    @Test func namesAndSettings() throws {
        #expect(try EnvironmentName("key-door") == .keyToDoor)
        #expect(
            sentence { _ = try EnvironmentName("cartpol") }
                == "there is no environment \"cartpol\"; did you mean \"cartpole\"?")
        #expect(
            sentence { _ = try EnvironmentName("chess") }
                == "there is no environment \"chess\"; there are cartpole, key-door, memory")
        var settings = EnvironmentSettings(.cartPole)
        settings.delay = 3
        #expect(
            sentence { _ = try settings.environment() }
                == "settings: expected environment.delay to be 0, since cartpole has no such thing, found 3")
        for name in EnvironmentName.allCases {
            var environment = try EnvironmentSettings(name).environment()
            environment.reset(key: RandomKey(seed: 1))
            #expect(environment.observation.count == environment.layout.size)
            #expect(!environment.drawing.isEmpty)
            var count = 0
            while try !environment.step(count % environment.actionNames.count).isLast { count += 1 }
            #expect(count < environment.stepLimit)
        }
    }

    @Test func environmentsSideBySideAreThoseAlone() throws {
        let (world, key) = (try MemoryMaze(delay: 3), RandomKey(seed: 5))
        var all = VectorEnvironment(world, places: 0..<4, key: key)
        var some = VectorEnvironment(world, places: 2..<4, key: key)
        #expect(all.begins == [true, true, true, true])
        for step in 0..<30 {
            let seen = try all.observations().values
            #expect(Array(seen.suffix(18)) == (try some.observations().values))
            let actions = (0..<4).map { row in (step + row) % 4 == 3 ? 1 + row % 2 : 0 }
            let outcomes = try all.step(actions)
            let fewer = try some.step(Array(actions.suffix(2)))
            #expect(Array(outcomes.suffix(2)) == fewer)
            all.resetEnded(outcomes)
            some.resetEnded(fewer)
            #expect(all.begins == outcomes.map(\.isLast))
        }
    }
}
