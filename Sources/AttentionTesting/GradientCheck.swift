public import AttentionTensors

/// Compares the gradients of `function` at `inputs` with finite differences, entry by entry.
///
/// The function is computed in `Precision.exact`. Its output is contracted with a fixed random upstream, so that every element of it counts,
/// and each input is moved at up to `samples` positions, by steps that are halved until the slope settles (`SettledSlope`). A gradient g
/// passes if
///
///     |g − slope| ≤ tolerance · max(|g|, |slope|) + noise
///
/// where the noise is what rounding to float32 can do: to the outputs, and so to the slope; and, `rounding` units in the last place of the
/// largest gradient, to g, which may be what is left of terms that cancel. So an entry is measured by itself, however large the others are.
///
/// ```swift
/// @Test func derivative() throws {
///     try checkGradients(of: [query, keys]) { try myScore($0[0], $0[1]) }
/// }
/// ```
/// - Parameters:
///   - inputs: where the function is differentiated, one tensor for each argument.
///   - tolerance: how far a gradient may be from its slope, relative to the larger of both.
///   - rounding: how many units in the last place an output may be wrong: the conditioning of the function. A function whose result is the small
///     difference of large numbers needs more, and its test should say why.
///   - largestStep: the first step. A function with kinks (max, relu, top-k) needs one below the distance to the next kink, at the price of more
///     noise.
///   - samples: how many entries of each input are moved, spread evenly.
///   - function: a deterministic function of the inputs.
/// - Throws: `GradientCheckFailure` naming every entry that fails, an input without gradient or an output outside the graph; and whatever the
///   function throws.
/// - Complexity: at least 8 calls of the function for each entry.
public func checkGradients(
    of inputs: [Tensor], tolerance: Double = 1e-3, rounding: Double = 8, largestStep: Float = 0.125,
    samples: Int = 24,
    fileID: StaticString = #fileID, line: UInt = #line, _ function: ([Tensor]) throws -> Tensor
) throws {
    try withPrecision(.exact) {
        let tracked = inputs.map { $0.tracked() }
        let output = try function(tracked)
        guard output.isTracked || inputs.isEmpty else {
            throw GradientCheckFailure([.outsideGraph], fileID: fileID, line: line)
        }
        let upstream = Tensor.uniform(output.shape, in: -1...1, key: RandomKey(seed: 99))
        let gradients = output.gradients(upstream: upstream)
        let largest = tracked.compactMap { gradients[$0]?.values.map(\.magnitude).max() }.max() ?? 0
        let error = rounding * 0x1p-24 * Double(largest)
        let contraction = Contraction(upstream: upstream, output: output, rounding: rounding)

        var findings: [GradientCheckFailure.Finding] = []
        for (index, input) in inputs.enumerated() {
            guard let gradient = gradients[tracked[index]], gradient.shape == input.shape else {
                findings.append(.noGradient(input: index))
                continue
            }
            let (values, analytic) = (input.values, gradient.values)
            for position in stride(from: 0, to: values.count, by: max(1, values.count / max(samples, 1))) {
                let slope = try SettledSlope(at: values[position], tolerance: tolerance, largestStep: largestStep) {
                    value in
                    var changed = values
                    changed[position] = value
                    var all = inputs
                    all[index] = try Tensor(changed, shape: input.shape)
                    return try function(all).values
                } contracting: {
                    contraction($0, $1)
                }
                if !slope.agrees(with: Double(analytic[position]), tolerance: tolerance, error: error) {
                    findings.append(
                        .wrong(input: index, position: position, gradient: analytic[position], slope: slope))
                }
            }
        }
        guard findings.isEmpty else { throw GradientCheckFailure(findings, fileID: fileID, line: line) }
    }
}

/// ⟨upstream, output⟩, of which only differences are taken: outputs that did not move cancel before they are rounded.
private struct Contraction {
    private let upstream: [Double]
    /// The errors that each output may have, times its upstream.
    private let errors: [Double]
    /// What an output that did not move may hide, half a unit in its last place, times its upstream.
    private let hidden: [Double]

    init(upstream: Tensor, output: Tensor, rounding: Double) {
        self.upstream = upstream.values.map(Double.init)
        let magnitudes = output.values.map { $0.isFinite ? Double($0.magnitude) : 0 }
        // What an output is computed from is seldom smaller than the others, even where the output itself is near 0.
        let typical = (magnitudes.reduce(0) { $0 + $1 * $1 } / Double(max(magnitudes.count, 1))).squareRoot()
        hidden = zip(self.upstream, magnitudes).map { $0 * 0x1p-25 * $1 }
        errors = zip(self.upstream, magnitudes).map { $0 * rounding * 0x1p-24 * max($1, typical) }
    }

    func callAsFunction(_ above: [Float], _ below: [Float]) -> (difference: Double, noise: Double) {
        var (difference, variance) = (0.0, 0.0)
        for index in upstream.indices {
            let hasMoved = above[index] != below[index]
            if hasMoved { difference += upstream[index] * (Double(above[index]) - Double(below[index])) }
            let error = hasMoved ? errors[index] : hidden[index]
            variance += 2 * error * error
        }
        return (difference, variance.squareRoot())
    }
}
