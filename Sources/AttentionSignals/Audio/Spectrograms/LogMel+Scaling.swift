internal import Glibc

extension LogMel.Scaling {
    /// What one power becomes, before all are known.
    func logarithm(of power: Double) -> Float {
        switch self {
        case .natural(let floor): Float(log(max(power, floor)))
        case .whisper: Float(log10(max(power, 1e-10)))
        case .decibels(_, let floor, _): Float(10 * log10(max(power, floor)))
        }
    }

    /// What depends on the largest of them.
    func finish(_ values: inout [Float]) {
        guard let largest = values.max() else { return }
        switch self {
        case .natural: break
        case .whisper: for index in values.indices { values[index] = (max(values[index], largest - 8) + 4) / 4 }
        case .decibels(let reference, let floor, let range):
            let zero = reference.map { Float(10 * log10(max($0, floor))) } ?? largest
            let lowest = range.map { largest - Float($0) } ?? -.infinity
            for index in values.indices { values[index] = max(values[index], lowest) - zero }
        }
    }
}
