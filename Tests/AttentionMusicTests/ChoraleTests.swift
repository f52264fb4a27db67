import AttentionMusic
import Testing

@Suite struct ChoraleTests {
    /// Two steps of C major, then the tenor is silent and the soprano moves.
    static let pitches: [Int?] = [72, 67, 64, 48, 72, 67, 64, 48, 74, 67, nil, 43]

    @Test func tokensAreWhatTheTableSays() throws {
        let chorale = try ChoraleGrid(pitches: Self.pitches)
        let tokens = try ChoraleVocabulary.tokens(of: chorale)
        // By hand: 1 + 47 v + (pitch − 36), silence 1 + 47 v + 46.
        #expect(tokens == [0, 37, 79, 123, 154, 37, 79, 123, 154, 39, 79, 141, 149, 0])
        #expect(ChoraleVocabulary.count == 189)
        #expect(try ChoraleVocabulary.chorale(of: tokens) == chorale)
        #expect(try ChoraleVocabulary.chorale(of: [37, 79, 123, 154, 37]).stepCount == 1)
    }

    @Test func everyTokenMeansOneThing() {
        #expect(ChoraleVocabulary.meaning(of: 0) == nil)
        #expect(ChoraleVocabulary.meaning(of: -1) == nil)
        #expect(ChoraleVocabulary.meaning(of: 189) == nil)
        for token in 1..<189 {
            let meaning = ChoraleVocabulary.meaning(of: token)
            #expect(meaning.flatMap { ChoraleVocabulary.token($0.pitch, $0.voice) } == token)
            #expect(meaning.map { ChoraleVocabulary.tokens(of: $0.voice).contains(token) } == true)
        }
    }

    @Test func refusesWhatHasNoToken() throws {
        let high = try ChoraleGrid(pitches: [82, 60, 60, 60])
        #expect(
            sentence { _ = try ChoraleVocabulary.tokens(of: high) }
                == "chorale: expected pitches from 36 to 81, found 82 in the soprano, step 0; move the music by an octave"
        )
        #expect(
            sentence { _ = try ChoraleVocabulary.chorale(of: [0, 37, 37]) }
                == "chorale: expected a token of the alto, found 37 as token 1; write the four voices of each step in their order"
        )
        #expect(
            sentence { _ = try ChoraleGrid(pitches: [60]) }
                == "chorale: expected four pitches for each step, found 1 in all; say nil where a voice is silent")
        #expect(
            sentence { _ = try ChoraleGrid(pitches: [60, 60, 60, 128]) }
                == "chorale: expected pitches from 0 to 127, found 128; count from middle C, which is 60")
    }

    @Test func comesBackFromMIDI() throws {
        let chorale = try ChoraleGrid(pitches: Self.pitches)
        let score = chorale.score()
        #expect(score.parts[0].notes.map(\.pitch) == [72, 74])
        #expect(score.parts[0].notes[0].end == 240)
        let voices = try MusicScore(try MIDIFile(score.midi.bytes())).voices()
        #expect(voices == Voice.allCases.map(chorale.line))
    }

    @Test func readsVoicesInEveryForm() throws {
        func note(_ pitch: Int, _ start: Int, _ end: Int) -> MusicScore.Note {
            .init(pitch: pitch, start: start, end: end)
        }
        func score(_ parts: [MusicScore.Note]...) -> MusicScore {
            MusicScore(resolution: 96, parts: parts.map { MusicScore.Part(name: "", notes: $0) })
        }
        // Half a step later is the next step; a note of less than half a step has one.
        #expect(try score([note(60, 0, 24), note(62, 36, 60), note(64, 70, 73)]).voices() == [[60, nil, 62, 64]])
        let chords = [note(48, 0, 24), note(60, 0, 24), note(64, 0, 24), note(72, 0, 24)]
        #expect(try score(chords).voices() == [[72], [64], [60], [48]])
        func named(_ parts: (name: String, pitch: Int)...) -> MusicScore {
            MusicScore(
                resolution: 96,
                parts: parts.map { MusicScore.Part(name: $0.name, notes: [note($0.pitch, 0, 24)]) })
        }
        // By their names, even where they cross; by their height where one is called otherwise.
        let crossed = named(("Bass", 62), ("tenor", 48), ("Alto", 60), ("soprano", 64))
        #expect(try crossed.voices() == [[64], [60], [48], [62]])
        #expect(try named(("bass", 62), ("", 48), ("alto", 60), ("soprano", 64)).voices() == [[64], [62], [60], [48]])
        #expect(try named(("bass", 62), ("soprano", 64)).voices() == [[64], [nil], [nil], [62]])
        #expect(
            sentence { _ = try named(("bass", 62), ("bass", 64)).voices() }.contains("found 2 voices"))
        #expect(
            sentence { _ = try score([note(60, 0, 24)], [note(62, 0, 24)]).voices() }
                == "voices: expected one voice, four voices in four tracks, or chords of four notes, found 2 voices; keep the tracks that are meant, one note at a time in each"
        )
        #expect(
            sentence { _ = try score([note(60, 0, 24), note(62, 0, 24)]).voices() }
                == "voices: expected one voice, four voices in four tracks, or chords of four notes, found 1 tracks with chords of other sizes; keep the tracks that are meant, one note at a time in each"
        )
        #expect(
            sentence { _ = try score([]).voices() }
                == "voices: expected notes, found none; take a file in which someone plays")
        #expect(
            sentence { _ = try score([note(60, 0, 1 << 40)]).voices() }
                == "voices: expected at most 16384 sixteenth notes, found 45812984491 before the end; make it shorter first"
        )
    }

    @Test func transpositionsKeepVoicesInRange() throws {
        let chorale = try ChoraleGrid(pitches: Self.pitches)
        #expect(chorale.transpositions == -7...5)
        #expect(try chorale.transposed(by: 5)[0, .bass] == 53)
        let outside = try ChoraleGrid(pitches: [84, 67, 64, 48])
        #expect(outside.transpositions == -11...0)
    }

    @Test func readsCollections() throws {
        let text = #"{"train": [[[74, 70, 65, 58], [74, 70, -1, 58]]], "valid": [], "test": [[[60, 60, 60, 60]]]}"#
        let chorales = try ChoraleCollection(Array(text.utf8))
        #expect(chorales.train.map(\.pitches) == [[74, 70, 65, 58, 74, 70, nil, 58]])
        #expect(chorales.valid.isEmpty && chorales.test.count == 1)
        for text in ["", "{}", #"{"train": 1}"#, #"{"train": [[[1, 2, 3]]], "valid": [], "test": []}"#] {
            #expect(throws: MusicError.self) { try ChoraleCollection(Array(text.utf8)) }
        }
        #expect(
            sentence { _ = try ChoraleCollection(Array(#"{"train": [[[60, 60, 60, 200]]]}"#.utf8)) }
                == "chorales: expected pitches from −1 to 127, found the number 200; the file is damaged or of another kind: copy it again, or take another"
        )
    }

    @Test func countsWhatTeachersMark() throws {
        // Soprano and bass a twelfth apart move up a tone together; alto and tenor stay.
        let fifths = try ChoraleGrid(pitches: [67, 64, 60, 48, 69, 64, 60, 50])
        let found = VoiceLeading(of: fifths)
        #expect(found.motionCount == 1 && found.parallelFifthCount == 1 && found.parallelOctaveCount == 0)
        let octaves = VoiceLeading(of: try ChoraleGrid(pitches: [72, 64, 60, 48, 74, 64, 60, 50]))
        #expect(octaves.parallelFifthCount == 0 && octaves.parallelOctaveCount == 1)
        // Contrary motion from a fifth to a twelfth is none.
        let contrary = VoiceLeading(of: try ChoraleGrid(pitches: [67, 64, 62, 60, 72, 64, 62, 53]))
        #expect(contrary.motionCount == 1 && contrary.parallelFifthCount == 0)
        let crossed = VoiceLeading(of: try ChoraleGrid(pitches: [60, 64, 60, 35]))
        #expect(crossed.crossingCount == 1 && crossed.outsideRangeCount == 1 && crossed.pitchCount == 4)
        #expect(fifths.stepCount == 2 && (found + octaves).motionCount == 2)
    }
}
