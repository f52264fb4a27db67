import AttentionMusic

/// MIDI files: what is read is written and read again as the same; a score of it can be put on the grid, drawn and heard, or is refused.
extension Targets {
    /// The file as it is, and with its tracks as long and as many as they are: damage would seldom get past the lengths.
    static func midi(_ bytes: [UInt8]) throws -> Bool {
        let isRead = try music(bytes)
        return try music(measured(bytes)) || isRead
    }

    /// The same bytes; each chunk of a track reaches to the next, and the header counts them.
    private static func measured(_ bytes: [UInt8]) -> [UInt8] {
        let starts = bytes.indices.filter { bytes[$0...].starts(with: "MTrk".utf8) }
        guard let first = starts.first, first >= 14 else { return bytes }
        var bytes = bytes
        func put(_ number: Int, at place: Int, byteCount: Int) {
            for index in 0..<byteCount {
                bytes[place + index] = UInt8(truncatingIfNeeded: number >> (8 * (byteCount - 1 - index)))
            }
        }
        put(starts.count, at: 10, byteCount: 2)
        for (start, end) in zip(starts, starts.dropFirst() + [bytes.count]) where end - start >= 8 {
            put(end - start - 8, at: start + 4, byteCount: 4)
        }
        return bytes
    }

    private static func music(_ bytes: [UInt8]) throws -> Bool {
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
