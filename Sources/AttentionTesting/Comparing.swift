internal import AttentionTensors

/// Compares two tensors element by element: |x − y| ≤ tolerance · (1 + |y|).
/// - Throws: `LawViolation` naming the first that differ.
func requireClose(_ found: Tensor, _ expected: Tensor, tolerance: Float, _ law: String) throws(LawViolation) {
    try require(found.shape == expected.shape, law, found: "\(found.shape) instead of \(expected.shape)")
    for (position, (x, y)) in zip(found.values, expected.values).enumerated() {
        try require(
            x == y || abs(x - y) <= tolerance * (1 + abs(y)), law, found: "\(x) instead of \(y) at \(position)")
    }
}

extension Module {
    /// The same module with these tensors for its parameters, in the order of `parameters()`.
    func with(parameters tensors: some Sequence<Tensor>) -> Self {
        let byName = Dictionary(uniqueKeysWithValues: zip(parameters().map(\.name), tensors))
        return mapTensors { byName[$0] ?? $1 }
    }
}
