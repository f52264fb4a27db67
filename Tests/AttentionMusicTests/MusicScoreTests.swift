import AttentionMusic
import Testing

@Suite struct MusicScoreTests {
    private func score(_ name: String) throws -> MusicScore {
        try MusicScore(try MIDIFile(contentsOf: Fixtures.path("midi/\(name).mid")))
    }

    /// Pitches, velocities and seconds of all notes, through all changes of tempo, as pretty_midi hears them.
    @Test func hearsWhatPrettyMIDIHears() throws {
        for (name, expected) in try Fixtures.expected() {
            guard let notes = expected.notes else { continue }
            let score = try score(name)
            let heard = score.parts.flatMap(\.notes).map { note in
                [Double(note.pitch), score.seconds(at: note.start), score.seconds(at: note.end), Double(note.velocity)]
            }.sorted { $0.lexicographicallyPrecedes($1) }
            #expect(heard.count == notes.count, "\(name)")
            for (ours, theirs) in zip(heard, notes.sorted { $0.lexicographicallyPrecedes($1) }) {
                #expect(zip(ours, theirs).allSatisfy { abs($0 - $1) < 1e-6 }, "\(name): \(ours), \(theirs)")
            }
        }
    }

    @Test func anUnendedNoteLastsUntilTheEndOfItsTrack() throws {
        let notes = try score("hanging").parts[0].notes
        #expect(
            notes == [
                .init(pitch: 60, start: 0, end: 96, velocity: 80), .init(pitch: 64, start: 0, end: 48, velocity: 80),
            ])
    }

    @Test func aNoteWithoutLengthLastsATick() throws {
        let events = [
            MIDIEvent(5, .noteOn(channel: 0, pitch: 60, velocity: 9)),
            MIDIEvent(5, .noteOff(channel: 0, pitch: 60, velocity: 0)),
            MIDIEvent(7, .noteOff(channel: 0, pitch: 60, velocity: 0)),
        ]
        let file = MIDIFile(format: .single, division: .ticksPerQuarter(4), tracks: [MIDITrack(events)])
        #expect(try MusicScore(file).parts[0].notes == [.init(pitch: 60, start: 5, end: 6, velocity: 9)])
    }

    @Test func refusesWhatIsNoPiece() {
        #expect(
            sentence { _ = try score("type2") }
                == "score: expected a piece: a MIDI file of format 0 or 1, found format 2 with 2 pieces; save the track that is meant by itself"
        )
        #expect(
            sentence { _ = try score("smpte") }
                == "score: expected ticks that are parts of a quarter note, found parts of a frame (SMPTE); save it with ticks per quarter note"
        )
    }

    @Test func comesBackFromMIDI() throws {
        for name in ["type0", "tempi", "pretty", "drums", "hanging"] {
            let score = try score(name)
            let again = try MusicScore(try MIDIFile(score.midi.bytes()))
            #expect(again == score, "\(name)")
        }
    }

    @Test func namesAndPitches() throws {
        #expect(try NoteName.pitches(of: "C4 e4\tG4 F#3 Bb5 C-1 G9 Cb4 B#3") == [60, 64, 67, 54, 82, 0, 127, 59, 60])
        for pitch in 0...127 { #expect(try NoteName.pitch(of: NoteName.name(of: pitch)) == pitch) }
        for name in ["", "H4", "C", "C+4", "4", "C10", "G#9", "C--1", "Cb-1", "C٤"] {
            #expect(throws: MusicError.self, "\(name)") { try NoteName.pitch(of: name) }
        }
        #expect(
            sentence { _ = try NoteName.pitches(of: "C4 H4") }
                == "note: expected a name such as C4, F#3 or Bb5, from C-1 to G9, found “H4”; write a letter from A to G, # or b if needed, and an octave"
        )
        #expect(
            sentence { _ = try NoteName.pitches(of: " ") }
                == "note: expected a name at least, found none; write “C4 E4 G4”")
    }
}
