import AttentionMusic

/// MIDI files: what is read is written and read again as the same; a score of it can be put on the grid, drawn and heard, or is refused.
extension Targets {
    static func midi(_ bytes: [UInt8]) throws -> Bool {
        let file: MIDIFile
        do throws(MusicError) { file = try MIDIFile(bytes) } catch {
            _ = error.description
            return false
        }
        do throws(MusicError) {
            let again = try MIDIFile(file.bytes())
            precondition(again == file)
            let score = try MusicScore(file)
            precondition(score.parts.allSatisfy { $0.notes.allSatisfy { $0.start < $0.end } })
            let voices = try score.voices()
            var outline = try ChoraleOutline(stepCount: max(1, voices[0].count))
            for (voice, line) in zip(Voice.allCases, voices) { try outline.give(line, to: voice) }
            let lines = (0..<4).map { $0 < voices.count ? voices[$0] : [Int?](repeating: nil, count: voices[0].count) }
            let chorale = try ChoraleGrid(pitches: voices[0].indices.flatMap { step in lines.map { $0[step] } })
            precondition(PianoRoll(chorale).svg.hasSuffix("</svg>\n"))
            _ = try ChoraleVocabulary.tokens(of: chorale)
            if score.seconds(at: score.end) < 10 { _ = try Synthesizer(sampleRate: 1000)(score) }
        } catch { _ = error.description }
        return true
    }
}
