public import AttentionTensors
public import Testing

/// Compares the analytic gradient of `function` at `inputs` with central finite differences.
///
/// The function's output is contracted with a fixed random upstream, so that every element of it counts. Each input is checked at up to
/// `samples` positions.
public func checkGradients(
    of inputs: [Tensor], tolerance: Float = 2e-2, step: Float = 1e-2, samples: Int = 24,
    sourceLocation: SourceLocation = #_sourceLocation, _ function: ([Tensor]) throws -> Tensor
) throws {
    let tracked = inputs.map { $0.tracked() }
    let output = try function(tracked)
    let upstream = Tensor.uniform(output.shape, in: -1...1, key: RandomKey(seed: 99))
    let gradients = output.gradients(upstream: upstream)

    func loss(_ inputs: [Tensor]) throws -> Double {
        zip(try function(inputs).values, upstream.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    for (index, input) in inputs.enumerated() {
        let analytic = try #require(
            gradients[tracked[index]], "input \(index) has no gradient", sourceLocation: sourceLocation)
        #expect(analytic.shape == input.shape, sourceLocation: sourceLocation)
        let analyticValues = analytic.values
        let values = input.values
        let scale = max(1, analyticValues.map(abs).max() ?? 0)
        for position in Swift.stride(from: 0, to: values.count, by: max(1, values.count / samples)) {
            func shifted(_ delta: Float) throws -> Double {
                var changed = values
                changed[position] += delta
                var all = inputs
                all[index] = try Tensor(changed, shape: input.shape)
                return try loss(all)
            }
            let numeric = Float((try shifted(step) - shifted(-step)) / Double(2 * step))
            #expect(
                abs(numeric - analyticValues[position]) <= tolerance * scale,
                "input \(index) at \(position): finite difference \(numeric), gradient \(analyticValues[position])",
                sourceLocation: sourceLocation)
        }
    }
}

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
