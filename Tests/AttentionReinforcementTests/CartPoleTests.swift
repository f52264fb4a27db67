import AttentionReinforcement
import AttentionTensors
import Foundation
import Testing

/// The cart-pole against trajectories of Gymnasium's; with `CARTPOLE_TRAJECTORIES=FILE` against all of a file.
@Suite struct CartPoleTests {
    struct Trajectories: Decodable {
        struct One: Decodable {
            let start: [Double]
            let actions: String
            let observations: [String: [Float]]
            let rewards: Double
            let terminated: Bool
            let truncated: Bool
        }
        let gymnasium: String
        let trajectories: [One]
    }

    /// Steps that were compared, and the largest difference of an observed number, relative to it where it is above 1.
    private func difference(_ one: Trajectories.One) throws -> (steps: Int, largest: Float) {
        var environment = CartPole()
        try environment.reset(to: one.start)
        var (sum, largest, compared) = (0.0, Float(0), 0)
        let actions = one.actions.map { $0 == "1" ? 1 : 0 }
        for (step, action) in actions.enumerated() {
            let outcome = try environment.step(action)
            sum += Double(outcome.reward)
            let isLast = step == actions.count - 1
            #expect(outcome.isTerminated == (isLast && one.terminated), "step \(step)")
            #expect(outcome.isTruncated == (isLast && one.truncated), "step \(step)")
            guard let expected = one.observations["\(step)"] else { continue }
            compared += 1
            for (found, number) in zip(environment.observation, expected) {
                largest = max(largest, abs(found - number) / max(1, abs(number)))
            }
        }
        #expect(sum == one.rewards)
        return (compared, largest)
    }

    @Test func equalsGymnasiumStepForStep() throws {
        let expected: Trajectories
        if let path = ProcessInfo.processInfo.environment["CARTPOLE_TRAJECTORIES"] {
            expected = try JSONDecoder().decode(
                Trajectories.self, from: try Data(contentsOf: URL(filePath: path)))
        } else {
            expected = try Fixtures.read("cartpole.json")
        }
        var (steps, largest) = (0, Float(0))
        for one in expected.trajectories {
            let found = try difference(one)
            steps += found.steps
            largest = max(largest, found.largest)
        }
        #expect(expected.trajectories.count >= 9 && steps > 200)
        // float64 sums in the reference's order; sine and cosine may differ in their last bit.
        #expect(largest <= 1e-6)
        print("\(expected.trajectories.count) trajectories, \(steps) steps, largest difference \(largest)")
    }

    @Test func beginsNearTheMiddleAndRefusesWhatCannotBe() throws {
        var environment = CartPole()
        environment.reset(key: RandomKey(seed: 3))
        let start = environment.observation
        #expect(start.allSatisfy { abs($0) < 0.05 } && Set(start).count == 4)
        environment.reset(key: RandomKey(seed: 3))
        #expect(environment.observation == start)
        #expect(sentence { _ = try environment.step(2) } == "step: expected an action from 0 to 1, found 2")
        while try !environment.step(1).isLast {}
        #expect(
            sentence { _ = try environment.step(1) }
                == "step: expected an episode that goes on, found one that has ended; reset the environment first")
        #expect(sentence { try environment.reset(to: [0, 1]) }.contains("expected the start to be four numbers"))
        #expect(environment.drawing.count == 8 && environment.drawing.allSatisfy { $0.count == 49 })
    }
}
