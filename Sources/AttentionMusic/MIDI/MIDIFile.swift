/// A Standard MIDI File: tracks of events, each at its tick.
///
/// Read are formats 0, 1 and 2, running status, all channel and meta events, and system exclusive messages, which are kept as bytes; chunks of
/// other kinds are passed over. What is written has no running status; read again it is the same value.
///
/// Source: MIDI Manufacturers Association, *Standard MIDI Files 1.0* (RP-001, 1996).
public struct MIDIFile: Sendable, Hashable {
    /// How tracks belong together.
    public enum Format: Int, Sendable, Hashable {
        /// One track with all channels.
        case single = 0
        /// Tracks that sound at the same time; the first has the tempi.
        case simultaneous = 1
        /// Tracks that are pieces of their own.
        case independent = 2
    }

    /// What a tick is.
    public enum Division: Sendable, Hashable {
        /// So many are a quarter note.
        case ticksPerQuarter(Int)
        /// So many are a frame, of which there are 24, 25, 29 (for 29.97) or 30 a second.
        case ticksPerFrame(Int, framesPerSecond: Int)
    }

    /// How tracks belong together.
    public var format: Format
    /// What a tick is.
    public var division: Division
    /// The tracks, at least one of a file that was read.
    public var tracks: [MIDITrack]

    /// A file of these tracks.
    public init(format: Format, division: Division, tracks: [MIDITrack]) {
        (self.format, self.division, self.tracks) = (format, division, tracks)
    }
}

/// Events one after another.
public struct MIDITrack: Sendable, Hashable {
    /// The events in their order, without the end of the track.
    public var events: [MIDIEvent]
    /// The tick of the end of the track, not before the last event.
    public var end: Int

    /// A track of these events that ends with the last of them, or later.
    public init(_ events: [MIDIEvent], end: Int = 0) {
        self.events = events
        self.end = max(end, events.last?.tick ?? 0)
    }
}

/// What happens at a tick.
public struct MIDIEvent: Sendable, Hashable {
    /// When, in ticks from the beginning.
    public var tick: Int
    /// What.
    public var message: MIDIMessage

    /// A message at a tick.
    public init(_ tick: Int, _ message: MIDIMessage) { (self.tick, self.message) = (tick, message) }
}

/// What an event says. Channels are 0 to 15, pitches, velocities and values 0 to 127.
public enum MIDIMessage: Sendable, Hashable {
    case noteOff(channel: Int, pitch: Int, velocity: Int)
    /// With velocity 0 it ends a note.
    case noteOn(channel: Int, pitch: Int, velocity: Int)
    case keyPressure(channel: Int, pitch: Int, value: Int)
    case control(channel: Int, number: Int, value: Int)
    case program(channel: Int, number: Int)
    case pressure(channel: Int, value: Int)
    /// 0 to 16383; 8192 is no bend.
    case bend(channel: Int, value: Int)
    /// The type of a meta event, 0 to 127 but 0x2F, and what it holds.
    case meta(type: Int, [UInt8])
    /// What stands behind F0, without its length.
    case systemExclusive([UInt8])
    /// What stands behind F7, likewise.
    case escape([UInt8])
}

extension MIDIMessage {
    /// A quarter note lasts so many microseconds, 1 to 2²⁴ − 1.
    public static func tempo(microsecondsPerQuarter: Int) -> MIDIMessage {
        let value = min(max(microsecondsPerQuarter, 1), 0xFF_FFFF)
        return .meta(type: 0x51, [UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)])
    }

    /// A bar has so many notes of 1 / 2^`power`.
    public static func meter(_ count: Int, power: Int) -> MIDIMessage {
        .meta(type: 0x58, [UInt8(clamping: count), UInt8(clamping: power), 24, 8])
    }

    /// The name of the track.
    public static func name(_ name: String) -> MIDIMessage { .meta(type: 0x03, Array(name.utf8)) }

    /// The microseconds of a quarter note, if this is a tempo.
    public var microsecondsPerQuarter: Int? {
        guard case .meta(type: 0x51, let bytes) = self, bytes.count == 3 else { return nil }
        return bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
