package import AttentionSignals
package import AttentionTensors

/// Digits that one person says, one behind the other, as a network hears them.
package struct SpokenNumber: Sendable {
    /// The digits.
    package let digits: [Int]
    /// Log-mel energies [moments, bands], a moment every hundredth of a second.
    package let spectrogram: Spectrogram

    /// So many bands are heard.
    package static let bandCount = 40

    /// Recordings of one person in a row, with silence between them.
    /// - Parameter gaps: how many samples of silence lie behind each of them but the last.
    package init(_ recordings: [DigitRecordings.Recording], gaps: [Int]) throws {
        var samples: [Float] = []
        for (index, recording) in recordings.enumerated() {
            samples += recording.sound.mono
            if index < gaps.count { samples += [Float](repeating: 0, count: gaps[index]) }
        }
        digits = recordings.map(\.digit)
        let rate = recordings.first?.sound.sampleRate ?? 8000
        spectrogram = try LogMel.kaldi(bandCount: Self.bandCount, sampleRate: rate, window: .hann)(
            Sound(samples, sampleRate: rate)
        ).normalized(mean: -6, deviation: 4)
    }

    /// So many digits of one person, drawn, with 60 to 250 ms of silence between them.
    package init(
        length: Int, from recordings: DigitRecordings, using generator: inout RandomGenerator
    ) throws {
        let speaker = recordings.speakers[Int.random(in: 0..<recordings.speakers.count, using: &generator)]
        let chosen = (0..<length).map { _ in speaker[Int.random(in: 0..<speaker.count, using: &generator)] }
        let rate = chosen.first?.sound.sampleRate ?? 8000
        try self.init(
            chosen, gaps: (1..<max(1, length)).map { _ in rate * Int.random(in: 60...250, using: &generator) / 1000 })
    }
}
