/// Notes in musical time: parts that sound together, and how fast.
///
/// Times are whole ticks, of which `resolution` are a quarter note, so that nothing is rounded on the way from a file and back.
public struct MusicScore: Sendable, Hashable {
    /// Ticks in a quarter note.
    public let resolution: Int
    /// Who plays what.
    public var parts: [Part]
    /// The tempi, by their ticks; before the first, 120 quarter notes a minute.
    public var tempi: [Tempo]

    /// A score of these parts.
    ///
    /// - Precondition: the resolution is 1 to 2³².
    public init(resolution: Int, parts: [Part], tempi: [Tempo] = []) {
        precondition(
            (1...1 << 32).contains(resolution), "MusicScore: expected a resolution of 1 to 2³², found \(resolution)")
        (self.resolution, self.parts, self.tempi) = (resolution, parts, tempi)
    }

    /// The notes of one instrument.
    public struct Part: Sendable, Hashable {
        /// The name of the track it is from; may be empty.
        public var name: String
        /// The instrument as General MIDI counts them, 0 to 127.
        public var program: Int
        /// The notes by their beginnings, the lower first.
        public var notes: [Note]

        /// A part of these notes, in whatever order they come.
        public init(name: String, program: Int = 0, notes: [Note]) {
            (self.name, self.program) = (name, program)
            self.notes = notes.sorted { ($0.start, $0.pitch, $0.end) < ($1.start, $1.pitch, $1.end) }
        }
    }

    /// A pitch that sounds from one tick to another.
    public struct Note: Sendable, Hashable {
        /// The MIDI number of the pitch; middle C is 60.
        public var pitch: Int
        /// The tick it begins at.
        public var start: Int
        /// The tick it ends at, behind the start.
        public var end: Int
        /// How hard it is struck, 1 to 127.
        public var velocity: Int

        /// A note.
        public init(pitch: Int, start: Int, end: Int, velocity: Int = 80) {
            (self.pitch, self.start, self.end, self.velocity) = (pitch, start, end, velocity)
        }
    }

    /// How fast it goes from a tick on.
    public struct Tempo: Sendable, Hashable {
        /// From where.
        public var tick: Int
        /// How long a quarter note is, in microseconds.
        public var microsecondsPerQuarter: Int

        /// A tempo.
        public init(tick: Int, microsecondsPerQuarter: Int) {
            (self.tick, self.microsecondsPerQuarter) = (tick, microsecondsPerQuarter)
        }
    }

    /// The tick at which the last note ends.
    public var end: Int { parts.reduce(0) { $1.notes.reduce($0) { max($0, $1.end) } } }

    /// How many quarter notes a tick is from the beginning.
    public func beat(at tick: Int) -> Double { Double(tick) / Double(resolution) }

    /// How many seconds a tick is from the beginning: Σ ticks · microseconds of a quarter / (10⁶ · resolution), tempo by tempo.
    public func seconds(at tick: Int) -> Double { TempoMap(self).seconds(at: tick) }
}

/// The seconds of ticks, for a score with many notes.
struct TempoMap {
    private var changes: [(tick: Int, seconds: Double, secondsPerTick: Double)]

    init(_ score: MusicScore) {
        func perTick(_ microseconds: Int) -> Double { Double(microseconds) / (1e6 * Double(score.resolution)) }
        changes = [(0, 0, perTick(500_000))]
        for tempo in score.tempi.sorted(by: { $0.tick < $1.tick }) {
            let last = changes[changes.count - 1]
            let seconds = last.seconds + Double(tempo.tick - last.tick) * last.secondsPerTick
            changes.append((tempo.tick, seconds, perTick(tempo.microsecondsPerQuarter)))
        }
    }

    func seconds(at tick: Int) -> Double {
        var (low, high) = (0, changes.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if changes[middle].tick <= tick { low = middle } else { high = middle }
        }
        return changes[low].seconds + Double(tick - changes[low].tick) * changes[low].secondsPerTick
    }
}
