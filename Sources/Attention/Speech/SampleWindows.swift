import AttentionSignals

/// Samples as they come, of which no more is held than a window.
struct SampleWindows {
    /// How many samples a second has.
    let sampleRate: Int
    private let next: () throws -> [Float]?
    private var samples: [Float] = []
    /// Where the first of them stands in the whole.
    private var origin = 0
    private var hasEnded = false

    /// Samples from any source, which returns nil at the end.
    init(sampleRate: Int, next: @escaping () throws -> [Float]?) { (self.sampleRate, self.next) = (sampleRate, next) }

    /// The samples of a sound, brought to this rate.
    init(_ sound: Sound, sampleRate: Int) throws {
        var rest: [Float]? = try Sound(sound.mono, sampleRate: sound.sampleRate).resampled(to: sampleRate).mono
        self.init(sampleRate: sampleRate) {
            defer { rest = nil }
            return rest
        }
    }

    /// The samples of what is read piece by piece, brought to this rate.
    init(_ reader: consuming SoundReader, sampleRate: Int) throws {
        let source = try ResampledReader(reader, sampleRate: sampleRate)
        self.init(sampleRate: sampleRate) { try source.next() }
    }

    /// So many samples from a place on, fewer at the end; what lies before is forgotten.
    ///
    /// - Precondition: `start` does not lie before that of an earlier window.
    mutating func window(from start: Int, count: Int) throws -> ArraySlice<Float> {
        forget(before: start)
        while !hasEnded, origin + samples.count < start + count {
            guard let piece = try next() else {
                hasEnded = true
                break
            }
            samples += piece
            forget(before: start)
        }
        return samples.dropFirst(start - origin).prefix(count)
    }

    private mutating func forget(before start: Int) {
        let old = min(samples.count, start - origin)
        samples.removeFirst(old)
        origin += old
    }
}

/// A reader and what brings its samples to another rate.
private final class ResampledReader {
    private var reader: SoundReader
    private var resampling: ResamplingStream
    private var hasEnded = false

    init(_ reader: consuming SoundReader, sampleRate: Int) throws {
        resampling = try ResamplingStream(from: reader.sampleRate, to: sampleRate)
        self.reader = reader
    }

    /// What becomes of some seconds; nil at the end.
    func next() throws -> [Float]? {
        guard !hasEnded else { return nil }
        if let piece = try reader.next(upTo: 4 * reader.sampleRate) { return try resampling(piece.mono) }
        hasEnded = true
        return try resampling.finish()
    }
}
