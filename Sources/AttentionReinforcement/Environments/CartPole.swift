public import AttentionTensors
import Glibc

/// A pole on a cart is kept upright by pushing the cart: Gymnasium's CartPole-v1, step for step.
///
/// With x and θ, their velocities, a force F = ±10, M = 1.1 the mass of cart and pole, m = 0.1 that of the pole, l = 0.5 half its length, g = 9.8 and
/// τ = 0.02 seconds:
///
///     t = (F + m l θ̇² sin θ) / M
///     θ̈ = (g sin θ − t cos θ) / (l (4/3 − m cos² θ / M))        ẍ = t − m l θ̈ cos θ / M
///     x ← x + τ ẋ    ẋ ← ẋ + τ ẍ    θ ← θ + τ θ̇    θ̇ ← θ̇ + τ θ̈        (Euler: all from the old values)
///
/// Every step is rewarded with 1. The episode ends when |x| > 2.4 or |θ| > 12°, and is cut off after 500 steps. It begins with four numbers drawn
/// uniformly from (−0.05, 0.05).
///
/// *Source:* Barto, Sutton & Anderson 1983, *Neuronlike Adaptive Elements*; Gymnasium 1.x, `classic_control/cartpole.py`, which computes in float64 and
/// shows float32, as this does.
public struct CartPole: Environment {
    private static let (gravity, force, step) = (9.8, 10.0, 0.02)
    private static let (poleMass, totalMass, halfLength) = (0.1, 1.1, 0.5)
    private static let poleMassLength = poleMass * halfLength
    private static let placeLimit = 2.4
    private static let angleLimit = 12 * 2 * Double.pi / 360

    /// Place, velocity, angle and angular velocity.
    public private(set) var state: [Double] = [0, 0, 0, 0]
    private var stepCount = 0
    private var isOver = false

    public let stepLimit = 500
    public let successReturn: Float = 475
    public let layout = ObservationLayout(objectNames: ["place", "velocity", "angle", "turning"], featureCount: 1)
    public let actionNames = ["left", "right"]

    /// A pole that stands still, upright.
    public init() {}

    /// Begins an episode at a place, a velocity, an angle and an angular velocity.
    /// - Throws: ``UnfitSetting`` unless these are four numbers.
    public mutating func reset(to start: [Double]) throws(UnfitSetting) {
        guard start.count == 4, start.allSatisfy(\.isFinite) else {
            throw UnfitSetting("the start", expected: "four numbers", found: "\(start)")
        }
        (state, stepCount, isOver) = (start, 0, false)
    }

    public mutating func reset(key: RandomKey) {
        var generator = key.generator()
        state = (0..<4).map { _ in Double.random(in: -0.05..<0.05, using: &generator) }
        (stepCount, isOver) = (0, false)
    }

    public var observation: [Float] { state.map { Float($0) } }

    public mutating func step(_ action: Int) throws(ReinforcementError) -> StepOutcome {
        try check(action, isOver: isOver)
        let (velocity, angle, turning) = (state[1], state[2], state[3])
        let (cosine, sine) = (cos(angle), sin(angle))
        let push = action == 1 ? Self.force : -Self.force
        let part = (push + Self.poleMassLength * (turning * turning) * sine) / Self.totalMass
        let turningChange =
            (Self.gravity * sine - cosine * part)
            / (Self.halfLength * (4.0 / 3.0 - Self.poleMass * (cosine * cosine) / Self.totalMass))
        let velocityChange = part - Self.poleMassLength * turningChange * cosine / Self.totalMass
        state = [
            state[0] + Self.step * velocity, velocity + Self.step * velocityChange, angle + Self.step * turning,
            turning + Self.step * turningChange,
        ]
        stepCount += 1
        let isTerminated = abs(state[0]) > Self.placeLimit || abs(state[2]) > Self.angleLimit
        let outcome = StepOutcome(reward: 1, isTerminated: isTerminated, isTruncated: stepCount >= stepLimit)
        isOver = outcome.isLast
        return outcome
    }
}

extension CartPole {
    public var drawing: [String] {
        let (width, height) = (49, 8)
        var lines = [[Character]](repeating: [Character](repeating: " ", count: width), count: height)
        let scale = Double(width - 1) / (2 * Self.placeLimit)
        func mark(_ column: Double, _ row: Int, _ character: Character) {
            let place = Int(min(max(column.rounded(), -1), Double(width)))
            if lines[row].indices.contains(place) { lines[row][place] = character }
        }
        let middle = (state[0] + Self.placeLimit) * scale
        let lean: Character = abs(state[2]) < 0.03 ? "|" : state[2] > 0 ? "/" : "\\"
        // A line of text is about twice as high as a letter is wide.
        for row in 0..<height - 2 {
            let rise = Double(height - 2 - row)
            mark(middle + 2 * rise * tan(min(max(state[2], -1.2), 1.2)), row, lean)
        }
        for offset in -2...2 { mark(middle + Double(offset), height - 2, "█") }
        lines[height - 1] = [Character](repeating: "─", count: width)
        return lines.map { String($0) }
    }
}
