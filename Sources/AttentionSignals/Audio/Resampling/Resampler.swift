/// Sound at another rate, by interpolation with a windowed sinc.
///
///     y[m] = Σ_k x[k] · h(k / from − m / to),    h(s) = (b / from) · sinc(b s) · window(b s / zeros),    b = rolloff · min(from, to)
///
/// with `from` and `to` divided by their greatest common divisor, sinc(u) = sin(π u) / (π u), and x = 0 outside the sound: the definition of
/// `torchaudio.functional.resample`. Since h depends on m modulo `to` alone, `to` rows of weights are made once. From n samples become
/// ⌈n · to / from⌉.
///
/// - Complexity: O(outputs · zeros · max(1, from / to)).
///
/// Source: Smith, *Digital Audio Resampling* (CCRMA); torchaudio's documentation of `resample` for the scaling and the lengths.
public struct Resampler: Sendable {
    let (from, to): (Int, Int)
    /// The weights of each phase, and the sample they begin at, counted from the first sample of the period.
    private let weights: [Float]
    private let firsts: [Int]
    let weightCount: Int

    /// The most samples that one sound may become.
    public static let outputLimit = 1 << 29
    private static let weightLimit = 1 << 26

    /// Makes the weights.
    ///
    /// - Throws: ``SignalError`` if a rate is not one of a sound, or the two have so little in common that the weights would take more than
    ///   256 MB.
    public init(from: Int, to: Int, filter: ResamplingFilter = .kaiserBest) throws(SignalError) {
        for rate in [from, to] { try Sound.check(sampleRate: rate, for: "resample") }
        let divisor = Self.divisor(from, to)
        (self.from, self.to) = (from / divisor, to / divisor)
        let base = filter.rolloff * Double(min(self.from, self.to))
        // How far from its middle the filter reaches, in samples of the input.
        let reach = Double(filter.zeroCount) * Double(self.from) / base
        weightCount = 2 * Int(reach.rounded(.up)) + 1
        guard self.to <= Self.weightLimit / weightCount else {
            throw .tooLarge(
                operation: "resample", limit: Self.weightLimit, unit: "weights",
                found: "\(self.to) times \(weightCount) from \(from) to \(to) samples a second")
        }
        var (weights, firsts): ([Float], [Int]) = ([], [])
        weights.reserveCapacity(self.to * weightCount)
        for phase in 0..<self.to {
            let middle = Double(phase) * Double(self.from) / Double(self.to)
            let first = Int((middle - reach).rounded(.up))
            firsts.append(first)
            for sample in first..<first + weightCount {
                // The difference is exact in whole numbers; only the quotient is rounded.
                let distance = Double(sample * self.to - phase * self.from) / Double(self.from * self.to)
                weights.append(Float(filter.value(at: distance * base) * base / Double(self.from)))
            }
        }
        (self.weights, self.firsts) = (weights, firsts)
    }

    /// The samples at the new rate.
    ///
    /// - Throws: ``SignalError`` if they would be more than ``outputLimit``.
    public func callAsFunction(_ samples: [Float]) throws(SignalError) -> [Float] {
        if from == to { return samples }
        guard samples.count <= Self.outputLimit / to * from else {
            throw .tooLarge(
                operation: "resample", limit: Self.outputLimit, unit: "samples",
                found: "\(samples.count) samples times \(to)/\(from)")
        }
        let count = (samples.count * to + from - 1) / from
        return [Float](unsafeUninitializedCapacity: count) { output, written in
            samples.withUnsafeBufferPointer { samples in
                weights.withUnsafeBufferPointer { weights in
                    for index in 0..<count {
                        let (period, phase) = index.quotientAndRemainder(dividingBy: to)
                        let row = UnsafeBufferPointer(
                            rebasing: weights[phase * weightCount..<(phase + 1) * weightCount])
                        output[index] = Self.product(row, samples, from: period * from + firsts[phase])
                    }
                }
            }
            written = count
        }
    }

    /// The sum of the products of the weights with the samples from `first` on; samples outside are 0.
    @inline(__always)
    private static func product(
        _ weights: UnsafeBufferPointer<Float>, _ samples: UnsafeBufferPointer<Float>, from first: Int
    ) -> Float {
        let end = min(weights.count, samples.count - first)
        var index = max(0, -first)
        // Eight sums beside each other: what a vector unit can do at once.
        var sums = SIMD8<Float>.zero
        let (weightBytes, sampleBytes) = (UnsafeRawBufferPointer(weights), UnsafeRawBufferPointer(samples))
        while index + 8 <= end {
            sums +=
                weightBytes.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
                * sampleBytes.loadUnaligned(fromByteOffset: 4 * (first + index), as: SIMD8<Float>.self)
            index += 8
        }
        var sum = sums.sum()
        while index < end {
            sum += weights[index] * samples[first + index]
            index += 1
        }
        return sum
    }

    private static func divisor(_ first: Int, _ second: Int) -> Int {
        second == 0 ? first : divisor(second, first % second)
    }
}

extension Sound {
    /// The same sound at another rate; see ``Resampler``.
    ///
    /// - Throws: ``SignalError`` if the rate is none, or the result would be too long.
    public func resampled(to rate: Int, filter: ResamplingFilter = .kaiserBest) throws(SignalError) -> Sound {
        if rate == sampleRate { return self }
        let resampler = try Resampler(from: sampleRate, to: rate, filter: filter)
        var resampled: [[Float]] = []
        for channel in channels { resampled.append(try resampler(channel)) }
        // Finite samples of any size can add up to infinity.
        return try Sound(channels: resampled, sampleRate: rate, operation: "resample")
    }
}
