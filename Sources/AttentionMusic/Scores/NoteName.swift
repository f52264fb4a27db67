/// Pitches as people write them: a letter, sharps or flats, and an octave: `C4` is middle C, MIDI number 60.
public enum NoteName {
    private static let semitones: [Character: Int] = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11]
    private static let names = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]

    /// The name of a pitch.
    public static func name(of pitch: Int) -> String {
        let octave = (Double(pitch) / 12).rounded(.down)
        return names[pitch - Int(octave) * 12] + "\(Int(octave) - 1)"
    }

    /// The pitch that a name means.
    ///
    /// - Throws: ``MusicError`` if it is none, or outside 0 to 127.
    public static func pitch(of name: some StringProtocol) throws(MusicError) -> Int {
        func refused() -> MusicError {
            .unfit(
                operation: "note", expected: "a name such as C4, F#3 or Bb5, from C-1 to G9",
                found: "“\(name.prefix(20))”",
                wayOut: "write a letter from A to G, # or b if needed, and an octave")
        }
        var rest = Substring(name)
        guard let letter = rest.popFirst(), let base = semitones[Character(letter.uppercased())] else {
            throw refused()
        }
        var pitch = base
        while let sign = rest.first, let change = ["#": 1, "♯": 1, "b": -1, "♭": -1][sign] {
            pitch += change
            rest.removeFirst()
        }
        guard rest.allSatisfy({ $0.isASCII }), !rest.hasPrefix("+"), let octave = Int(rest), (-2...10).contains(octave)
        else { throw refused() }
        pitch += 12 * (octave + 1)
        guard (0...127).contains(pitch) else { throw refused() }
        return pitch
    }

    /// The pitches of names with white space between them.
    ///
    /// - Throws: ``MusicError`` at the first that is none, or if there are none.
    public static func pitches(of names: String) throws(MusicError) -> [Int] {
        var pitches: [Int] = []
        for name in names.split(whereSeparator: \.isWhitespace) { pitches.append(try pitch(of: name)) }
        guard !pitches.isEmpty else {
            throw .unfit(operation: "note", expected: "a name at least", found: "none", wayOut: "write “C4 E4 G4”")
        }
        return pitches
    }
}
