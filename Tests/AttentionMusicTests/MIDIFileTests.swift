import AttentionMusic
import Testing

@Suite struct MIDIFileTests {
    /// Every event, its tick and the end of every track, as mido reads them.
    @Test func readsWhatMidoReads() throws {
        let expected = try Fixtures.expected()
        #expect(expected.count == 11)
        for (name, expected) in expected {
            let file = try MIDIFile(contentsOf: Fixtures.path("midi/\(name).mid"))
            #expect(file.format.rawValue == expected.format, "\(name)")
            switch file.division {
            case .ticksPerQuarter(let ticks): #expect(ticks == expected.division, "\(name)")
            case .ticksPerFrame(let ticks, let frames): #expect(-frames << 8 | ticks == expected.division, "\(name)")
            }
            #expect(file.tracks.map { $0.events.map(words) } == expected.tracks.map(\.events), "\(name)")
            #expect(file.tracks.map(\.end) == expected.tracks.map(\.end), "\(name)")
        }
    }

    private func words(_ event: MIDIEvent) -> String {
        func joined(_ words: [Any]) -> String { words.map { "\($0)" }.joined(separator: " ") }
        let said =
            switch event.message {
            case .noteOn(let channel, let pitch, let velocity): "on \(channel) \(pitch) \(velocity)"
            case .noteOff(let channel, let pitch, let velocity): "off \(channel) \(pitch) \(velocity)"
            case .keyPressure(let channel, let pitch, let value): "key \(channel) \(pitch) \(value)"
            case .control(let channel, let number, let value): "control \(channel) \(number) \(value)"
            case .program(let channel, let number): "program \(channel) \(number)"
            case .pressure(let channel, let value): "pressure \(channel) \(value)"
            case .bend(let channel, let value): "bend \(channel) \(value)"
            case .meta(let type, let bytes): joined(["meta", type] + bytes)
            case .systemExclusive(let bytes): joined(["exclusive"] + bytes)
            case .escape(let bytes): joined(["escape"] + bytes)
            }
        return "\(event.tick) \(said)"
    }

    @Test func passesOverWhatItDoesNotKnow() throws {
        let running = try MIDIFile(contentsOf: Fixtures.path("midi/running.mid"))
        #expect(try MIDIFile(contentsOf: Fixtures.path("midi/unknown-chunk.mid")).tracks == running.tracks)
        #expect(try MIDIFile(contentsOf: Fixtures.path("midi/long-header.mid")).tracks == running.tracks)
        let smpte = try MIDIFile(contentsOf: Fixtures.path("midi/smpte.mid"))
        #expect(smpte.division == .ticksPerFrame(40, framesPerSecond: 25))
    }

    @Test func writesWhatItReads() throws {
        for name in try Fixtures.names("midi") {
            let file = try MIDIFile(contentsOf: Fixtures.path("midi/\(name)"))
            #expect(try MIDIFile(file.bytes()) == file, "\(name)")
        }
    }

    @Test func writesNumbersOfEveryLength() throws {
        for tick in [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 0x0FFF_FFFF] {
            let note = MIDIEvent(tick, .noteOn(channel: 0, pitch: 60, velocity: 1))
            let file = MIDIFile(format: .single, division: .ticksPerQuarter(1), tracks: [MIDITrack([note])])
            #expect(try MIDIFile(file.bytes()) == file)
        }
    }

    @Test func refusesWhatHasNoBytes() {
        func track(_ tick: Int, _ message: MIDIMessage) -> MIDIFile {
            MIDIFile(format: .single, division: .ticksPerQuarter(96), tracks: [MIDITrack([MIDIEvent(tick, message)])])
        }
        #expect(
            sentence { _ = try track(0, .noteOn(channel: 0, pitch: 128, velocity: 1)).bytes() }
                == "midi: expected 0 to 127 as a value, found 128; nothing was written")
        #expect(
            sentence { _ = try track(-1, .program(channel: 0, number: 1)).bytes() }
                == "midi: expected 0 to 268435455 ticks between two events, found -1; nothing was written")
        #expect(
            sentence { _ = try track(0, .meta(type: 0x2F, [])).bytes() }
                == "midi: expected the end of a track as its end, found one among its events; nothing was written")
    }

    @Test(arguments: [
        ("no-tracks", "midi: expected at least one track, found 0; save it anew from the program it was made with"),
        ("format3", malformed("format 0, 1 or 2", "3")),
        ("two-in-format0", malformed("one track in a file of format 0", "2")),
        ("missing-track", malformed("2 tracks", "1 before the end")),
        ("cut-track", malformed("30 bytes at byte 22", "the end after 43 bytes")),
        ("no-status", malformed("a status byte before data", "60 at byte 23")),
        ("no-division", malformed("a tick or more in a quarter note", "0")),
        ("data-above-127", malformed("a data byte below 128", "200 at byte 25")),
        ("long-number", malformed("a number of at most four bytes", "more at byte 22")),
        ("realtime", malformed("a channel, meta or exclusive event", "status 248 at byte 23")),
        ("text", malformed("MThd at the beginning", "other bytes")),
        ("empty", malformed("MThd at the beginning", "other bytes")),
    ])
    func refusesDamage(_ name: String, _ expected: String) {
        #expect(sentence { _ = try MIDIFile(contentsOf: Fixtures.path("bad/\(name).mid")) } == expected)
    }

    @Test func refusesEveryCut() throws {
        let bytes = try Fixtures.bytes("midi/tempi.mid")
        for count in 0..<bytes.count {
            #expect(throws: MusicError.self) { try MIDIFile(Array(bytes.prefix(count))) }
        }
    }
}

private func malformed(_ expected: String, _ found: String) -> String {
    "midi: expected \(expected), found \(found); the file is damaged or of another kind: copy it again, or take another"
}
