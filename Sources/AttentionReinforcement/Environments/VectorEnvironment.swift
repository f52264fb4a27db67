public import AttentionTensors

/// Environments of a kind side by side, each beginning its next episode when one has ended.
///
/// Episode e of environment i follows from the key alone, whatever the other environments do and whoever steps them: a thread may take some of them and
/// another the rest.
public struct VectorEnvironment: Sendable {
    /// The environments.
    public private(set) var environments: [any Environment]
    /// Whether an episode has just begun in each.
    public private(set) var begins: [Bool]
    private let keys: [RandomKey]
    private var episodeCounts: [Int]

    /// Environments `places` of those that follow from a key, each at the beginning of its first episode.
    public init(_ environment: any Environment, places: Range<Int>, key: RandomKey) {
        keys = places.map { key[$0] }
        environments = keys.map { key in
            var copy = environment
            copy.reset(key: key[0])
            return copy
        }
        begins = [Bool](repeating: true, count: places.count)
        episodeCounts = [Int](repeating: 1, count: places.count)
    }

    /// How many there are.
    public var count: Int { environments.count }

    /// What is seen in each, [B, O].
    public func observations() throws(ShapeError) -> Tensor {
        try Tensor(environments.flatMap(\.observation), shape: [count, environments.first?.layout.size ?? 0])
    }

    /// Does something in each; episodes that end stand at their end until `resetEnded`.
    /// - Throws: ``ReinforcementError`` if there is no such action.
    public mutating func step(_ actions: [Int]) throws(ReinforcementError) -> [StepOutcome] {
        try step(actions, only: Array(environments.indices))
    }

    /// Does something in some of them, as `actions` of all say; the others wait.
    /// - Throws: ``ReinforcementError`` if there is no such action.
    public mutating func step(_ actions: [Int], only places: [Int]) throws(ReinforcementError) -> [StepOutcome] {
        var outcomes: [StepOutcome] = []
        for index in places {
            outcomes.append(try environments[index].step(actions[index]))
            begins[index] = false
        }
        return outcomes
    }

    /// Begins the next episode wherever one has ended.
    public mutating func resetEnded(_ outcomes: [StepOutcome]) {
        for (index, outcome) in outcomes.enumerated() where outcome.isLast {
            environments[index].reset(key: keys[index][episodeCounts[index]])
            episodeCounts[index] += 1
            begins[index] = true
        }
    }
}
