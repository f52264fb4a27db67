extension MusicScore {
    /// What a MIDI file plays: a part for each track and channel with notes.
    ///
    /// A note ends with the first note-off of its pitch and channel behind it that ends no earlier note; one that is never ended lasts until the end
    /// of its track, and one that would have no length lasts a tick. Where two tempi stand at one tick, the last holds.
    ///
    /// - Throws: ``MusicError`` for a file of format 2 with several tracks, which are pieces of their own, and for one whose ticks are parts of seconds.
    public init(_ file: MIDIFile) throws(MusicError) {
        guard file.format != .independent || file.tracks.count == 1 else {
            throw .unfit(
                operation: "score", expected: "a piece: a MIDI file of format 0 or 1",
                found: "format 2 with \(file.tracks.count) pieces", wayOut: "save the track that is meant by itself")
        }
        guard case .ticksPerQuarter(let resolution) = file.division else {
            throw .unfit(
                operation: "score", expected: "ticks that are parts of a quarter note",
                found: "parts of a frame (SMPTE)",
                wayOut: "save it with ticks per quarter note")
        }
        self.init(resolution: resolution, parts: [])
        var tempi: [Int: Int] = [:]
        for track in file.tracks {
            var reading = TrackReading()
            for event in track.events {
                if let tempo = event.message.microsecondsPerQuarter { tempi[event.tick] = max(1, tempo) }
                reading.read(event)
            }
            parts += reading.parts(endingAt: track.end)
        }
        self.tempi = tempi.map { Tempo(tick: $0.key, microsecondsPerQuarter: $0.value) }.sorted { $0.tick < $1.tick }
    }

    /// The score as a MIDI file of format 1: the tempi in a track of their own, then a track for each part, each on a channel of its own, the
    /// drums' left out, as long as there are any.
    public var midi: MIDIFile {
        let first = MIDITrack(
            tempi.map { MIDIEvent($0.tick, .tempo(microsecondsPerQuarter: $0.microsecondsPerQuarter)) })
        let tracks = parts.enumerated().map { index, part in
            let channel = index % 15 < 9 ? index % 15 : index % 15 + 1
            var events = part.name.isEmpty ? [] : [MIDIEvent(0, .name(part.name))]
            events.append(MIDIEvent(0, .program(channel: channel, number: part.program)))
            // Of one tick, ends come before beginnings.
            var notes: [(tick: Int, order: Int, message: MIDIMessage)] = []
            for note in part.notes {
                let (pitch, velocity) = (note.pitch, note.velocity)
                notes.append((note.start, 1, .noteOn(channel: channel, pitch: pitch, velocity: velocity)))
                notes.append((note.end, 0, .noteOff(channel: channel, pitch: pitch, velocity: 64)))
            }
            notes.sort { ($0.tick, $0.order) < ($1.tick, $1.order) }
            return MIDITrack(events + notes.map { MIDIEvent($0.tick, $0.message) })
        }
        return MIDIFile(format: .simultaneous, division: .ticksPerQuarter(resolution), tracks: [first] + tracks)
    }
}

/// The notes of a track, channel by channel.
private struct TrackReading {
    private struct Key: Hashable { let channel, pitch: Int }

    private var name = ""
    private var programs: [Int: Int] = [:]
    private var open: [Key: [(start: Int, velocity: Int)]] = [:]
    private var notes: [Int: [MusicScore.Note]] = [:]

    mutating func read(_ event: MIDIEvent) {
        switch event.message {
        case .noteOn(let channel, let pitch, let velocity) where velocity > 0:
            open[Key(channel: channel, pitch: pitch), default: []].append((event.tick, velocity))
        case .noteOn(let channel, let pitch, _), .noteOff(let channel, let pitch, _):
            let key = Key(channel: channel, pitch: pitch)
            guard let begun = open[key]?.first else { return }
            open[key]?.removeFirst()
            close(begun, key, at: event.tick)
        case .program(let channel, let number): if programs[channel] == nil { programs[channel] = number }
        case .meta(type: 0x03, let bytes): if name.isEmpty { name = String(decoding: bytes, as: UTF8.self) }
        default: break
        }
    }

    private mutating func close(_ begun: (start: Int, velocity: Int), _ key: Key, at tick: Int) {
        notes[key.channel, default: []].append(
            MusicScore.Note(
                pitch: key.pitch, start: begun.start, end: max(tick, begun.start + 1), velocity: begun.velocity))
    }

    /// All parts, what hangs ended at this tick.
    consuming func parts(endingAt end: Int) -> [MusicScore.Part] {
        for (key, hanging) in open {
            for begun in hanging { close(begun, key, at: end) }
        }
        return notes.sorted { $0.key < $1.key }.map { channel, notes in
            MusicScore.Part(name: name, program: programs[channel] ?? 0, notes: notes)
        }
    }
}
