internal import AttentionTensors

/// How a rank begins: with what it is about to do, or the reason why it cannot.
struct Introduction: Codable {
    var facts: [String: String] = [:]
    var refusal: String?
}

/// What a rank says of its sums before it sends them.
struct Contribution: Codable {
    let total: WeightedSum
    let parts: [String: WeightedSum]
    let shapes: [String: [Int]]

    init(_ sums: UpdateSums) {
        (total, parts) = (sums.losses.total, sums.losses.parts)
        shapes = sums.gradients.names.reduce(into: [:]) { $0[$1] = sums.gradients[$1]?.shape.dimensions }
    }

    var losses: LossSums { LossSums(total: total, parts: parts) }
}
