internal import AttentionTensors

/// What ranks that follow a share of the parameters each know only together.
extension Trainer {
    /// √Σ g² over the gradients of all ranks.
    func norm(of gradients: ParameterGradients) throws -> Float {
        let divided = Set(buckets.divided.flatMap { $0.parameters.map(\.name) })
        let own = try exchange.everyone(gradients.sumOfSquares(of: gradients.names.filter(divided.contains)))
        let common = gradients.sumOfSquares(of: gradients.names.filter { !divided.contains($0) })
        return Float((own.reduce(0, +) + common).squareRoot())
    }

    /// Gives all ranks the weights that each of them has changed, bucket by bucket, so that no more of them than one are there twice.
    mutating func shareWeights() throws {
        guard exchange.rankCount > 1 else { return }
        var old = Dictionary(uniqueKeysWithValues: model.parameters().map { ($0.name, $0.parameter.tensor) })
        for bucket in buckets.divided {
            let part = bucket.part(of: exchange.rank) { piece in old[piece.name]?.part(piece).values ?? [] }
            let numbers = try exchange.gather(part)
            var replacement = Replacement()
            for (name, tensor) in bucket.tensors(of: numbers) {
                replacement.tensors[name] = tensor
                old[name] = nil
            }
            model.visit(&replacement, ParameterPath())
        }
    }

    /// The optimizer with what all ranks remember, on the rank that writes; the others have what they had.
    ///
    /// Buckets are gathered one after the other, so that no rank but that one holds more than one of them.
    func gatheredOptimizer() throws -> any Optimizer {
        guard exchange.rankCount > 1 else { return optimizer }
        let state = optimizer.state
        let known = Set(try exchange.everyone(state.tensors.keys.sorted()).joined())
        var gathered: [String: [Tensor]] = [:]
        for bucket in buckets.divided {
            let counts = bucket.parameters.map { optimizer.memory(of: $0.whole, named: $0.name).count }
            for index in 0..<(counts.max() ?? 0) {
                let part = bucket.part(of: exchange.rank) { piece in
                    guard let memory = state.tensors[piece.name], index < memory.count else {
                        return [Float](repeating: 0, count: piece.range.count)
                    }
                    return memory[index].values
                }
                let numbers = try exchange.gather(part)
                guard exchange.isWriter else { continue }
                for ((name, tensor), count) in zip(bucket.tensors(of: numbers), counts)
                where known.contains(name) && index < count {
                    gathered[name, default: []].append(tensor)
                }
            }
        }
        var whole = optimizer
        whole.state.tensors.merge(gathered) { _, gathered in gathered }
        return whole
    }
}

private struct Replacement: ParameterVisitor {
    var tensors: [String: Tensor] = [:]

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) {
        guard let tensor = tensors[path.description] else { return }
        parameter.withMutableTensor { $0 = tensor }
    }
}
