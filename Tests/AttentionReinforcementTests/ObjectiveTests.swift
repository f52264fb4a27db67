import AttentionReinforcement
import AttentionTensors
import AttentionTraining
import Testing

/// Advantages and the clipped objective against numpy and torch.
@Suite struct ObjectiveTests {
    struct Pieces: Decodable {
        struct Advantages: Decodable {
            let rewards, values: [Float]
            let lastValue, discount, trace: Float
            let advantages, returns: [Float]
        }
        struct Objective: Decodable {
            let logits: [[Float]]
            let values: [Float]
            let actions: [Int]
            let logProbabilities, advantages, returns: [Float]
            let clip, valueWeight, entropyWeight: Float
            let loss, policy, value, entropy, divergence, clipped: Double
            let logitsGradient: [[Float]]
            let valuesGradient: [Float]
        }
        let advantages: [Advantages]
        let objectives: [Objective]
    }

    @Test func advantagesAreSumsOfDiscountedErrors() throws {
        let pieces: Pieces = try Fixtures.read("ppo.json")
        for expected in pieces.advantages {
            var episode = Episode()
            (episode.rewards, episode.values, episode.lastValue) = (
                expected.rewards, expected.values, expected.lastValue
            )
            episode.actions = [Int](repeating: 0, count: expected.rewards.count)
            let found = AdvantageEstimator(discount: expected.discount, trace: expected.trace)(episode)
            for (one, other) in zip(found.advantages + found.returns, expected.advantages + expected.returns) {
                #expect(abs(one - other) < 1e-5)
            }
        }
        #expect(pieces.advantages.count == 5)
    }

    private func steps(_ expected: Pieces.Objective) -> ClippedObjective.Steps {
        var steps = ClippedObjective.Steps()
        (steps.actions, steps.logProbabilities) = (expected.actions, expected.logProbabilities)
        (steps.advantages, steps.returns) = (expected.advantages, expected.returns)
        return steps
    }

    @Test func objectiveAndItsGradientAreTorchs() throws {
        let pieces: Pieces = try Fixtures.read("ppo.json")
        for expected in pieces.objectives {
            let count = expected.actions.count
            let shape: Shape = [count, expected.logits[0].count]
            let logits = try Tensor(expected.logits.flatMap(\.self), shape: shape).tracked()
            let values = try Tensor(expected.values, shape: [count]).tracked()
            let objective = ClippedObjective(
                clip: expected.clip, valueWeight: expected.valueWeight, entropyWeight: expected.entropyWeight)
            let loss = try objective(logits: logits, values: values, steps: steps(expected))
            #expect(abs(Double(loss.total.scalar) - expected.loss) < 1e-4)
            #expect(loss.weight == Double(count))
            for (name, number) in [
                ("policy", expected.policy), ("value", expected.value), ("entropy", expected.entropy),
                ("divergence", expected.divergence), ("clipped", expected.clipped),
            ] {
                #expect(abs((loss.parts[name]?.sum ?? .nan) - number) < 1e-4, "\(name)")
            }
            let gradients = try loss.total.gradients()
            let found = (gradients[logits]?.values ?? []) + (gradients[values]?.values ?? [])
            let wanted = expected.logitsGradient.flatMap(\.self) + expected.valuesGradient
            #expect(found.count == wanted.count)
            for (one, other) in zip(found, wanted) { #expect(abs(one - other) < 1e-5) }
        }
        #expect(pieces.objectives.count == 3)
    }

    @Test func sizesMustFit() throws {
        #expect(
            sentence {
                _ = try ClippedObjective()(logits: .zeros([2, 3]), values: .zeros([2]), steps: .init())
            } == "ClippedObjective: expected logits [0, A], values [0] and 0 of all steps, found [2, 3], [2]")
    }
}
