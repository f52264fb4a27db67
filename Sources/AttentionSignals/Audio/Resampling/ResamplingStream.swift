/// Brings a sound to another rate piece by piece, with the samples that it has as a whole, bit for bit.
public struct ResamplingStream: Sendable {
    private let resampler: Resampler
    /// What later outputs still read.
    private var input: [Float] = []
    /// How many periods of the input lie before it, and how many were brought to the new rate.
    private var (dropped, done) = (0, 0)

    /// From one rate to another.
    /// - Throws: ``SignalError`` as ``Resampler`` does.
    public init(from: Int, to: Int, filter: ResamplingFilter = .kaiserBest) throws(SignalError) {
        resampler = try Resampler(from: from, to: to, filter: filter)
    }

    /// How many periods an output reads to each side.
    private var reach: Int { (resampler.weightCount + resampler.from - 1) / resampler.from }

    /// What becomes of these samples and of those before them that waited: all that no later sample changes.
    public mutating func callAsFunction(_ samples: [Float]) throws(SignalError) -> [Float] {
        guard resampler.from != resampler.to else { return samples }
        input += samples
        let certain = dropped + input.count / resampler.from - reach
        guard certain > done else { return [] }
        return try advance(to: certain)
    }

    /// What has waited, when nothing follows any more.
    public mutating func finish() throws(SignalError) -> [Float] {
        guard resampler.from != resampler.to else { return [] }
        return try advance(to: nil)
    }

    /// The outputs of the periods up to this one, all if nil.
    private mutating func advance(to end: Int?) throws(SignalError) -> [Float] {
        let outputs = try resampler(input)
        let first = min(outputs.count, (done - dropped) * resampler.to)
        let last = end.map { ($0 - dropped) * resampler.to } ?? outputs.count
        let result = Array(outputs[first..<max(first, last)])
        if let end {
            done = end
            let unread = max(dropped, end - reach)
            input.removeFirst((unread - dropped) * resampler.from)
            dropped = unread
        }
        return result
    }
}
