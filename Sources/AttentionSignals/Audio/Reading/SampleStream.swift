/// The samples of a file that is read piece by piece.
protocol SampleStream {
    /// How many samples a second has.
    var sampleRate: Int { get }
    /// How many channels there are.
    var channelCount: Int { get }
    /// How many samples of each channel the file says it has, if it does.
    var announcedCount: Int? { get }
    /// What the file lacks; asked for behind the end.
    var shortage: SoundShortage? { get }

    /// What comes next: as many samples of each channel as that, which are one or more, or fewer at the end; nil behind it.
    mutating func next(upTo sampleCount: Int) throws(SignalError) -> Sound?
}

extension SampleStream {
    /// All that is left.
    ///
    /// - Parameter limit: The most samples, of all channels together.
    mutating func rest(
        limit: Int = .max, onShortage: (SoundShortage) -> Void = { _ in }
    ) throws(SignalError) -> Sound {
        if let announcedCount, announcedCount > limit / channelCount {
            throw .tooManySamples(limit, found: "\(announcedCount) of \(channelCount) channels each")
        }
        var channels = [[Float]](repeating: [], count: channelCount)
        var sampleCount = 0
        while let piece = try next(upTo: 1 << 16) {
            sampleCount += piece.sampleCount
            guard sampleCount <= limit / channelCount else { throw .tooManySamples(limit, found: "more") }
            for index in channels.indices { channels[index] += piece.channels[index] }
        }
        if let shortage { onShortage(shortage) }
        return Sound(unchecked: channels, sampleRate: sampleRate)
    }
}

extension SignalError {
    static func tooManySamples(_ limit: Int, found: String) -> SignalError {
        .tooLarge(operation: "sound", limit: limit, unit: "samples", found: found)
    }
}
