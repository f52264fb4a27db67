import AttentionTensors
import AttentionTraining

/// A policy that learns by doing.
///
///     var trainer = PolicyTrainer(policy, environment, course: PolicyCourse(.cartPole), seed: 1)
///     while trainer.iteration < trainer.course.iterationCount { print(try trainer.iterate().meanReturn) }
///
/// A training is a function of the policy, the environment, the course and the seed: one that is resumed from a checkpoint goes on bit for bit.
public struct PolicyTrainer<Learner: Policy> {
    /// The policy as it is now.
    public internal(set) var policy: Learner
    /// How many iterations have been made.
    public internal(set) var iteration = 0
    /// How many steps have been played.
    public internal(set) var stepCount = 0
    /// How long it has taken, over all runs.
    public internal(set) var seconds = 0.0
    /// What it was asked for.
    public let course: PolicyCourse
    var optimizer: Adam
    let seed: UInt64
    private let environment: any Environment

    /// In how many pieces a minibatch is taken at most, so that as many threads can work at it.
    private static var pieceCount: Int { 4 }
    /// How many rows are worth a piece.
    private static var pieceSize: Int { Learner.remembers ? 8 : 64 }

    /// A training that has not begun.
    public init(_ policy: Learner, _ environment: any Environment, course: PolicyCourse, seed: UInt64) {
        (self.policy, self.environment, self.course, self.seed) = (policy, environment, course, seed)
        optimizer = Adam(Adam.Configuration(epsilon: 1e-5))
    }

    /// Plays and learns once.
    /// - Throws: `TrainingError` if a loss or a gradient is no longer finite.
    public mutating func iterate() throws -> PolicyReport {
        let start = ContinuousClock.now
        let key = RandomKey(seed: seed)[1][iteration]
        let rollout = try Rollout(
            of: policy, in: environment, environmentCount: course.environmentCount, stepCount: course.stepCount,
            key: key[0])
        let rate = LinearSchedule(peak: course.rate, total: course.iterationCount).rate(at: iteration + 1)
        let sums = try learn(from: rollout, rate: rate, key: key[1])
        iteration += 1
        stepCount += rollout.stepCount
        let spent = (ContinuousClock.now - start) / .seconds(1)
        seconds += spent
        let whole = rollout.episodes.filter(\.isWhole)
        let returns = whole.suffix(100).map(\.totalReward)
        let successes = returns.count { $0 >= environment.successReturn }
        let share = 1 / Float(max(1, returns.count))
        return PolicyReport(
            iteration: iteration, stepCount: stepCount, episodeCount: whole.count,
            meanReturn: returns.reduce(0, +) * share, success: Float(successes) * share, loss: sums.total.mean,
            parts: sums.parts.mapValues(\.mean), rate: rate,
            stepsPerSecond: Double(rollout.stepCount) / max(spent, 1e-9), seconds: seconds)
    }

    /// Several passes over what was played, in minibatches.
    private mutating func learn(from rollout: Rollout, rate: Float, key: RandomKey) throws -> LossSums {
        let judged = [JudgedEpisode](rollout, AdvantageEstimator(discount: course.discount, trace: course.trace))
        let size = environment.layout.size
        let material = Learner.remembers ? judged : judged.flatMap { $0.singleSteps(observationSize: size) }
        var sums = LossSums()
        for epoch in 0..<course.epochCount {
            for batch in material.minibatches(of: course.batchSize, key: key[epoch]) {
                let minibatches = try batch.pieces(atMost: Self.pieceCount, ofAtLeast: Self.pieceSize).map {
                    try Minibatch($0, observationSize: size)
                }
                sums.add(try update(minibatches, rate: rate))
            }
        }
        return sums
    }

    /// One step along the gradient of all pieces of a minibatch.
    private mutating func update(_ pieces: [Minibatch], rate: Float) throws -> LossSums {
        let (gradients, sums) = try Self.gradients(of: policy, pieces, objective)
        let number = optimizer.stepCount + 1
        guard sums.total.sum.isFinite else { throw TrainingError.notFinite(quantity: "loss", update: number) }
        let scale = Float(1 / max(1, sums.total.weight))
        let norm = gradients.norm() * scale
        guard norm.isFinite else { throw TrainingError.notFinite(quantity: "gradient", update: number) }
        let clipping = clippingFactor(norm: norm, limit: course.clippingNorm)
        optimizer.step(&policy, gradients: gradients, scale: scale * clipping, rate: rate)
        return sums
    }

    private var objective: ClippedObjective {
        ClippedObjective(clip: course.clip, valueWeight: course.valueWeight, entropyWeight: course.entropyWeight)
    }

    /// A function of its own, so that no tracked policy is left when parameters are changed in place.
    private static func gradients(
        of policy: Learner, _ pieces: [Minibatch], _ objective: ClippedObjective
    ) throws -> (ParameterGradients, LossSums) {
        let parts = try Parallel.map(pieces.count) { index in
            let tracked = policy.tracked()
            let loss = try pieces[index].loss(tracked, objective)
            var gradients = ParameterGradients()
            gradients.add(try loss.total.gradients(), of: tracked)
            return (gradients, loss.sums)
        }
        return parts.reduce(into: (ParameterGradients(), LossSums())) { all, part in
            all.0.add(part.0)
            all.1.add(part.1)
        }
    }
}
