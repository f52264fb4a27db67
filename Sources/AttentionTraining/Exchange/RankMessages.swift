/// How a rank begins: with what it is about to do, or the reason why it cannot.
struct Introduction: Codable {
    var facts: [String: String] = [:]
    var refusal: String?
}

/// What a rank says of its sums beside the numbers themselves.
struct Contribution: Codable {
    let total: WeightedSum
    let parts: [String: WeightedSum]
    /// The parameters that have a gradient.
    let names: [String]

    init(_ losses: LossSums, names: [String]) {
        (total, parts, self.names) = (losses.total, losses.parts, names)
    }

    var losses: LossSums { LossSums(total: total, parts: parts) }
}
