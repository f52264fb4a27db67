public import AttentionTensors

/// A sign at the beginning of a long corridor says which way to turn at its end.
///
/// A T-maze: cells 0 … N in a row, and an arm to each side of cell N. The agent begins in cell 0, where alone the sign is seen that says left or right,
/// drawn uniformly. In cells 0 … N − 1 the action *forward* leads to the next cell and the others nowhere; in cell N *left* and *right* lead into an arm,
/// which ends the episode, and *forward* nowhere. The arm that the sign named is rewarded with 1, the other with 0, and a step that leads nowhere with
/// −0.02. After 1.5 N + 1 steps the episode is cut off.
///
/// The sign stands N steps back when it is needed. Without memory either arm is as good as the other: chance is 50 %.
///
/// *Source:* after Bakker 2002, *Reinforcement Learning with Long Short-Term Memory*, sec. 4.1, whose corridor has up to 70 cells, and noise.
public struct MemoryMaze: Environment {
    private let length: Int
    private var cell = 0
    private var isLeft = false
    private var stepCount = 0
    private var isOver = false

    public let layout = ObservationLayout(objectNames: ["sign", "corridor", "junction"], featureCount: 3)
    public let actionNames = ["forward", "left", "right"]
    public let successReturn: Float = 0.5
    public var stepLimit: Int { length + length / 2 + 1 }

    /// A corridor of `delay` cells before the junction.
    /// - Throws: ``UnfitSetting`` unless the delay is from 1 to 1000.
    public init(delay: Int = 100) throws(UnfitSetting) {
        guard 1...1000 ~= delay else {
            throw UnfitSetting("environment.delay", expected: "from 1 to 1000", found: "\(delay)")
        }
        length = delay
    }

    public mutating func reset(key: RandomKey) {
        var generator = key.generator()
        (isLeft, cell, stepCount, isOver) = (Bool.random(using: &generator), 0, 0, false)
    }

    public mutating func step(_ action: Int) throws(ReinforcementError) -> StepOutcome {
        try check(action, isOver: isOver)
        stepCount += 1
        if cell == length, action > 0 {
            isOver = true
            return StepOutcome(reward: (action == 1) == isLeft ? 1 : 0, isTerminated: true)
        }
        let isMoved = action == 0 && cell < length
        if isMoved { cell += 1 }
        isOver = stepCount == stepLimit
        return StepOutcome(reward: isMoved ? 0 : -0.02, isTruncated: isOver)
    }

    /// For each object: whether it is seen, and what it says of left and right.
    public var observation: [Float] {
        let isAtSign = cell == 0
        let isAtEnd = cell == length
        return [isAtSign ? 1 : 0, isAtSign && isLeft ? 1 : 0, isAtSign && !isLeft ? 1 : 0]
            + [isAtEnd ? 0 : 1, 0, 0] + (isAtEnd ? [1, 1, 1] : [0, 0, 0])
    }
}

extension MemoryMaze {
    public var drawing: [String] {
        let width = 40
        let place = cell * width / length
        func line(_ left: String, at: Int) -> String { String(repeating: " ", count: at) + left }
        let way = String(repeating: "·", count: place) + "@" + String(repeating: "·", count: width - place)
        return [
            "sign: \(isLeft ? "left" : "right")\(cell == 0 ? ", seen now" : ""); cell \(cell) of \(length)",
            line("left", at: width - 1), way, line("right", at: width - 1),
        ]
    }
}
