public import AttentionTensors
internal import Glibc

/// How likely a decoder in training is to be fed the true previous token rather than its own prediction (scheduled sampling).
///
/// *Source:* Bengio, Vinyals, Jaitly & Shazeer 2015, section 2.4, where the probability at update i is called ε_i.
public enum TeacherForcing: Sendable, Hashable, Codable {
    /// ε_i = 1: ordinary teacher forcing.
    case always
    /// ε_i = max(floor, start − slope · i)
    case linear(start: Float = 1, slope: Float, floor: Float = 0)
    /// ε_i = baseⁱ, base < 1
    case exponential(base: Float)
    /// ε_i = k / (k + exp(i / k)), k ≥ 1
    case inverseSigmoid(speed: Float)

    /// ε_i, between 0 and 1, for update i.
    public func probability(at update: Int) -> Float {
        let time = Double(update)
        let probability =
            switch self {
            case .always: 1.0
            case .linear(let start, let slope, let floor): max(Double(floor), Double(start) - Double(slope) * time)
            case .exponential(let base): pow(Double(base), time)
            case .inverseSigmoid(let speed): Double(speed) / (Double(speed) + exp(time / Double(speed)))
            }
        return Float(min(1, max(0, probability)))
    }
}

/// For each position independently the gold id with the given probability, else the predicted one.
///
/// - Parameters:
///   - gold: the true ids.
///   - predicted: what the model put in their places; as many.
///   - probability: that of the gold id, ε in `TeacherForcing`.
/// - Throws: `ShapeError` if there is not one prediction per gold id.
public func scheduledSample(
    gold: [Int], predicted: [Int], probability: Float, key: RandomKey
) throws(ShapeError) -> [Int] {
    guard gold.count == predicted.count else {
        throw ShapeError("scheduledSample", expected: "\(gold.count) predicted ids", found: "\(predicted.count)")
    }
    var generator = key.generator()
    return zip(gold, predicted).map { gold, predicted in generator.nextUniform() < probability ? gold : predicted }
}
