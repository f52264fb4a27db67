public import AttentionTensors
internal import Glibc

/// Several lists of examples in one, each with a share that need not be its size: for corpora of very different sizes.
///
/// An epoch has as many examples as there are in all lists. With n_i the size of list i and T the temperature, its share is
///
///     p_i ∝ n_i^(1/T)
///
/// T = 1 takes every example once an epoch, T = ∞ as many of each list (Arivazhagan et al. 2019, section 4.1). Each list is read in passes,
/// every pass in another order, so that after any number of epochs no example of a list has been read more than once more than another.
public struct MixedExamples<Example: Sendable>: ExampleSource {
    /// How large each list's share is.
    public enum Shares: Sendable, Hashable {
        /// By size, evened out by the temperature.
        case temperature(Double)
        /// In proportion to these weights, one for each list.
        case weights([Double])
    }

    /// The lists.
    public let lists: [[Example]]
    /// How many examples of each list an epoch has.
    public let counts: [Int]
    private let key: RandomKey

    /// Lists in shares, read in orders that follow from `key`.
    /// - Throws: `TrainingError.setting` if the temperature is not above 0, a weight is negative, there is not one for each list, or an empty
    ///   list has a share.
    public init(_ lists: [[Example]], _ shares: Shares = .temperature(1), key: RandomKey) throws(TrainingError) {
        self.lists = lists
        self.key = key
        counts = try Self.counts(try Self.weights(lists.map(\.count), shares), total: lists.reduce(0) { $0 + $1.count })
    }

    /// The examples of an epoch, list by list.
    public func examples(ofEpoch number: Int) -> [Example] {
        lists.indices.flatMap { list in
            indices(number * counts[list]..<(number + 1) * counts[list], of: list).map { lists[list][$0] }
        }
    }

    /// What stands at these places of the endless line that is made of a list, pass after pass; within a pass by index.
    private func indices(_ places: Range<Int>, of list: Int) -> [Int] {
        let size = lists[list].count
        guard size > 0, !places.isEmpty else { return [] }
        return (places.lowerBound / size...(places.upperBound - 1) / size).flatMap { pass in
            let part = places.clamped(to: pass * size..<(pass + 1) * size)
            // A whole pass has every example, in whatever order.
            guard part.count < size else { return Array(0..<size) }
            var generator = key[list][pass].generator()
            let order = (0..<size).shuffled(using: &generator)
            return order[part.lowerBound - pass * size..<part.upperBound - pass * size].sorted()
        }
    }

    private static func weights(_ sizes: [Int], _ shares: Shares) throws(TrainingError) -> [Double] {
        switch shares {
        case .temperature(let temperature):
            guard temperature > 0 else {
                throw .setting("temperature", expected: "above 0", found: "\(temperature)")
            }
            return sizes.map { $0 > 0 ? pow(Double($0), 1 / temperature) : 0 }
        case .weights(let weights):
            guard weights.count == sizes.count else {
                throw .setting("weights", expected: "one for each of \(sizes.count) lists", found: "\(weights.count)")
            }
            for (weight, size) in zip(weights, sizes)
            where !(weight >= 0 && weight.isFinite) || (weight > 0 && size == 0) {
                throw .setting(
                    "weights", expected: "of at least 0, and 0 for empty lists", found: "\(weight) for \(size) examples"
                )
            }
            return weights
        }
    }

    /// Whole numbers in proportion to the weights that add up to `total`: what is lost by rounding down goes to those that lost most.
    private static func counts(_ weights: [Double], total: Int) throws(TrainingError) -> [Int] {
        let sum = weights.reduce(0, +)
        guard sum > 0 else {
            guard total == 0 else { throw .setting("weights", expected: "above 0 for some list", found: "\(weights)") }
            return weights.map { _ in 0 }
        }
        let exact = weights.map { $0 / sum * Double(total) }
        var counts = exact.map { Int($0) }
        let byLoss = exact.indices.sorted {
            (Double(counts[$1]) - exact[$1], $0) > (Double(counts[$0]) - exact[$0], $1)
        }
        for index in byLoss.prefix(total - counts.reduce(0, +)) { counts[index] += 1 }
        return counts
    }
}
