extension Tensor {
    /// An operation of one's own: a function of tensors, and how gradients flow back through it.
    ///
    /// The forward function is computed outside the graph; the result joins it with this derivative. So a derivative can be faster than what the
    /// graph of the single steps would give, steadier, or another one on purpose. `checkGradients` of AttentionTesting tells whether it is right.
    ///
    /// ```swift
    /// /// ln(1 + eˣ), by max(x, 0) + ln(1 + e^−|x|), which does not overflow; its derivative is σ(x).
    /// func softplus(_ x: Tensor) -> Tensor {
    ///     .operation(on: [x]) { inputs in
    ///         inputs[0].relu() + ((-inputs[0].absolute()).exponential() + 1).logarithm()
    ///     } pullback: { upstream, inputs, _ in
    ///         [upstream * inputs[0].sigmoid()]
    ///     }
    /// }
    /// ```
    /// - Parameters:
    ///   - inputs: what the function is applied to.
    ///   - forward: the function, given the inputs' values.
    ///   - pullback: given the gradient of the output, the inputs' values and the output, the gradient of each input, of its shape; nil where
    ///     none flows.
    /// - Throws: what `forward` throws.
    /// - Precondition: when gradients are computed, the pullback throws nothing and returns one gradient of the right shape for each input.
    public static func operation<Failure: Error>(
        on inputs: [Tensor], _ forward: (_ inputs: [Tensor]) throws(Failure) -> Tensor,
        pullback: @escaping @Sendable (_ upstream: Tensor, _ inputs: [Tensor], _ output: Tensor) throws -> [Tensor?]
    ) throws(Failure) -> Tensor {
        let values = inputs.map { $0.detached() }
        let output = try forward(values).detached()
        return output.derived(from: inputs) { upstream, gradients in
            for (gradient, input) in zip(pulledBack(pullback, upstream, values, output), inputs) {
                if let gradient { gradients.add(gradient.detached(), to: input) }
            }
        }
    }

    /// What the pullback returns, if it keeps its promise.
    private static func pulledBack(
        _ pullback: (Tensor, [Tensor], Tensor) throws -> [Tensor?], _ upstream: Tensor, _ inputs: [Tensor],
        _ output: Tensor
    ) -> [Tensor?] {
        do {
            let gradients = try pullback(upstream, inputs, output)
            guard gradients.count == inputs.count,
                zip(gradients, inputs).allSatisfy({ $0 == nil || $0?.shape == $1.shape })
            else {
                throw ShapeError(
                    "pullback", expected: "a gradient for each input, of shapes \(inputs.map(\.shape))",
                    found: "\(gradients.map { $0.map { "\($0.shape)" } ?? "none" })")
            }
            return gradients
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
