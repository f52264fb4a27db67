/// Some numbers in short: their mean, and how far they lie from it.
package struct Spread: Sendable, Hashable, CustomStringConvertible {
    /// Their mean.
    package let mean: Double
    /// The standard deviation of what they are a sample of; nil for one number.
    package let deviation: Double?

    /// That of these numbers.
    /// - Precondition: there is one.
    package init(_ numbers: [Double]) {
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        (self.mean, deviation) = (mean, numbers.count > 1 ? (squares / Double(numbers.count - 1)).squareRoot() : nil)
    }

    /// `92.31 % ± 0.12` of shares.
    package var description: String {
        func percent(_ share: Double) -> Double { (share * 10000).rounded() / 100 }
        return "\(percent(mean)) %" + (deviation.map { " ± \(percent($0))" } ?? "")
    }
}
