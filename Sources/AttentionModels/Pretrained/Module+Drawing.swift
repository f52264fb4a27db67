import AttentionTensors

/// What a parameter is before training.
enum InitialNumbers {
    /// Biases.
    case zeros
    /// Gains.
    case ones
    /// All of them this.
    case full(Float)
    /// Drawn from N(0, σ), with this σ.
    case normal(Float)
    /// Drawn from N(0, √(2 / n)), n the numbers that go into one of what comes out (He et al. 2015, *Delving Deep into Rectifiers*, eq. 10).
    case rectified

    /// A tensor of such numbers.
    func tensor(_ shape: Shape, key: RandomKey) -> Tensor {
        switch self {
        case .zeros: .zeros(shape)
        case .ones: .ones(shape)
        case .full(let number): .full(number, shape)
        case .normal(let deviation): .normal(shape, deviation: deviation, key: key)
        case .rectified:
            .normal(
                shape, deviation: (2 / Float(max(1, shape.dimensions.dropFirst().reduce(1, *)))).squareRoot(), key: key)
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
