public import AttentionTensors

extension Tensor {
    /// Σ −α_t (1 − p_t)^γ ln p_t of logits [N, C], each a class that an example is of or not: p_t = σ(x) and α_t = α where it is, 1 − σ(x) and
    /// 1 − α where it is not. What is known already counts little (Lin et al. 2017, *Focal Loss for Dense Object Detection*, eq. 5).
    ///
    /// - Parameters:
    ///   - targets: the class of each example; nil for none.
    ///   - balance: α.
    ///   - focus: γ.
    /// - Throws: `ShapeError` unless there is a target for each example, each a class.
    public func focalLoss(
        targets: [Int?], balance: Float = 0.25, focus: Float = 2
    ) throws(ShapeError) -> Tensor {
        guard shape.rank == 2, targets.count == shape[0], targets.allSatisfy({ $0.map { 0..<shape[1] ~= $0 } ?? true })
        else {
            throw ShapeError(
                "focalLoss", expected: "logits [\(targets.count), C] and targets below C", found: "\(shape)")
        }
        let (classCount, count) = (shape[1], shape.elementCount)
        var signs = [Float](repeating: -1, count: count)
        var weights = [Float](repeating: 1 - balance, count: count)
        for (row, target) in targets.enumerated() {
            guard let target else { continue }
            (signs[row * classCount + target], weights[row * classCount + target]) = (1, balance)
        }
        // With z = x for what is the case and −x for what is not, p_t = σ(z), and −ln σ(z) = ln (1 + e^−z), which is max(−z, 0) + ln (1 + e^−|z|).
        let z = self * (try Tensor(signs, shape: shape))
        let surprise = (-z).relu() + ((-z.absolute()).exponential() + 1).logarithm()
        return ((-z).sigmoid().power(focus) * surprise * (try Tensor(weights, shape: shape))).sum()
    }
}
