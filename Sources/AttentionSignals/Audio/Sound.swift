/// A sound: samples in time, channel by channel, each nominally from −1 to 1. All samples are finite.
public struct Sound: Sendable, Hashable {
    /// How many samples a second has.
    public let sampleRate: Int
    /// The samples of each channel, equally many.
    public let channels: [[Float]]

    /// The highest rate that is taken; no microphone has more.
    public static let highestSampleRate = 1_000_000

    /// A sound of these channels.
    ///
    /// - Throws: ``SignalError`` unless there is a channel, all are equally long, the rate is 1 to ``highestSampleRate``, and every sample
    ///   is finite.
    public init(channels: [[Float]], sampleRate: Int) throws(SignalError) {
        try self.init(channels: channels, sampleRate: sampleRate, operation: "sound")
    }

    /// A sound of one channel.
    public init(_ samples: [Float], sampleRate: Int) throws(SignalError) {
        try self.init(channels: [samples], sampleRate: sampleRate)
    }

    /// Samples that are sure to be finite and equally many.
    init(unchecked channels: [[Float]], sampleRate: Int) { (self.channels, self.sampleRate) = (channels, sampleRate) }

    init(channels: [[Float]], sampleRate: Int, operation: String) throws(SignalError) {
        try Self.check(sampleRate: sampleRate, for: operation)
        guard let first = channels.first, channels.allSatisfy({ $0.count == first.count }) else {
            throw .unfit(
                operation: operation, expected: "at least one channel, all equally long",
                found: channels.isEmpty ? "none" : "lengths \(Set(channels.map(\.count)).sorted())",
                wayOut: "fill the short ones with zeros")
        }
        for (index, samples) in channels.enumerated() {
            // A difference of finite numbers with themselves is 0; with the others it is none.
            guard samples.reduce(0, { $0 + ($1 - $1) }) != 0, let place = samples.firstIndex(where: { !$0.isFinite })
            else { continue }
            throw .unfit(
                operation: operation, expected: "finite samples",
                found: "\(samples[place]) as sample \(place) of channel \(index)",
                wayOut: "write the sound anew, or put 0 there")
        }
        self.init(unchecked: channels, sampleRate: sampleRate)
    }

    static func check(sampleRate: Int, for operation: String) throws(SignalError) {
        guard 1...highestSampleRate ~= sampleRate else {
            throw .unfit(
                operation: operation, expected: "a rate of 1 to \(highestSampleRate) samples a second",
                found: "\(sampleRate)", wayOut: "say the rate that the sound was recorded at")
        }
    }
}

extension Sound {
    /// How many samples each channel has.
    public var sampleCount: Int { channels.first?.count ?? 0 }
    /// How long it is, in seconds.
    public var duration: Double { Double(sampleCount) / Double(sampleRate) }

    /// The samples of all channels as one: their mean, added in order.
    public var mono: [Float] {
        guard channels.count > 1, var sum = channels.first else { return channels.first ?? [] }
        for channel in channels.dropFirst() {
            for index in sum.indices { sum[index] += channel[index] }
        }
        let scale = Float(channels.count)
        for index in sum.indices { sum[index] /= scale }
        return sum
    }

    /// The beginning, with zeros behind it if there is too little: exactly so many samples a channel.
    ///
    /// - Precondition: `sampleCount` is not negative.
    public func fitted(toSampleCount sampleCount: Int) -> Sound {
        let fitted = channels.map { channel in
            channel.prefix(sampleCount) + [Float](repeating: 0, count: max(0, sampleCount - channel.count))
        }
        return Sound(unchecked: fitted.map { Array($0) }, sampleRate: sampleRate)
    }
}
