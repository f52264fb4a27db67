import AttentionTensors

/// What a parameter is before training.
enum InitialNumbers {
    /// Biases.
    case zeros
    /// Gains.
    case ones
    /// Drawn from N(0, σ), with this σ.
    case normal(Float)

    /// A tensor of such numbers.
    func tensor(_ shape: Shape, key: RandomKey) -> Tensor {
        switch self {
        case .zeros: .zeros(shape)
        case .ones: .ones(shape)
        case .normal(let deviation): .normal(shape, deviation: deviation, key: key)
        }
    }
}

extension Module {
    /// The same with new numbers in all parameters, each drawn with a key of its own.
    func drawn(_ key: RandomKey, _ numbers: (_ name: String) -> InitialNumbers) -> Self {
        var drawn: [String: Tensor] = [:]
        for (place, (name, parameter)) in parameters().enumerated() {
            drawn[name] = numbers(name).tensor(parameter.shape, key: key[place])
        }
        return mapTensors { [drawn] name, tensor in drawn[name] ?? tensor }
    }
}
