public import AttentionTensors
public import Testing

/// Expects two tensors to have the same shape and elements that differ by at most `tolerance` (absolute plus relative).
public func expectClose(
    _ found: Tensor, _ expected: Tensor, tolerance: Float = 1e-5, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found.shape == expected.shape, sourceLocation: sourceLocation)
    guard found.shape == expected.shape else { return }
    let pairs = zip(found.values, expected.values)
    let worst = pairs.enumerated().max { abs($0.element.0 - $0.element.1) < abs($1.element.0 - $1.element.1) }
    for (position, (x, y)) in pairs.enumerated() where !(abs(x - y) <= tolerance * (1 + abs(y))) {
        Issue.record(
            "at \(position): found \(x), expected \(y); worst at \(worst?.offset ?? 0)", sourceLocation: sourceLocation)
        return
    }
}
