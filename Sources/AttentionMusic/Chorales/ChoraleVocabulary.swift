/// Chorales as tokens, one for each voice and step: soprano, alto, tenor, bass of the first step, then of the next.
///
///     0                                  stands before the first step and behind the last
///     1 + 47 v + (pitch − 36)            voice v (soprano 0 … bass 3) sings this pitch, 36 to 81
///     1 + 47 v + 46                      voice v is silent
///
/// 189 tokens. A token names its voice, so that the model need not count; there is no token for holding a note, since the data do not tell held
/// notes from repeated ones: a pitch that comes again at the next step sounds on. So T steps are 4T + 2 tokens, and the way back is exact.
public enum ChoraleVocabulary {
    /// The pitches that there are tokens for.
    public static let pitches = 36...81
    /// Tokens of a voice: its pitches and silence.
    static let voiceSize = pitches.count + 1
    /// How many tokens there are.
    public static let count = 1 + Voice.allCases.count * voiceSize
    /// Before the first step and behind the last.
    public static let end = 0

    /// The token of what a voice does; nil if it sings a pitch that there is none for.
    public static func token(_ pitch: Int?, _ voice: Voice) -> Int? {
        let first = 1 + voiceSize * voice.rawValue
        guard let pitch else { return first + pitches.count }
        return pitches.contains(pitch) ? first + pitch - pitches.lowerBound : nil
    }

    /// The tokens of a voice, silence the last.
    public static func tokens(of voice: Voice) -> Range<Int> {
        let first = 1 + voiceSize * voice.rawValue
        return first..<first + voiceSize
    }

    /// What a token says: a voice and its pitch, nil for silence; nil for the end and for what is no token.
    public static func meaning(of token: Int) -> (voice: Voice, pitch: Int?)? {
        guard token > 0, let voice = Voice(rawValue: (token - 1) / voiceSize) else { return nil }
        let offset = (token - 1) % voiceSize
        return (voice, offset < pitches.count ? pitches.lowerBound + offset : nil)
    }

    /// The tokens of a chorale, the end before it and behind it.
    ///
    /// - Throws: ``MusicError`` naming the first pitch that there is no token for, and its place.
    public static func tokens(of chorale: ChoraleGrid) throws(MusicError) -> [Int] {
        var tokens = [end]
        for step in 0..<chorale.stepCount {
            for voice in Voice.allCases {
                guard let token = token(chorale[step, voice], voice) else {
                    throw .unfit(
                        operation: "chorale", expected: "pitches from \(pitches.lowerBound) to \(pitches.upperBound)",
                        found: "\(chorale[step, voice] ?? 0) in the \(voice.name), step \(step)",
                        wayOut: "move the music by an octave")
                }
                tokens.append(token)
            }
        }
        return tokens + [end]
    }

    /// The chorale that tokens say; ends at the beginning and end are passed over, and so is a last step that is not whole.
    ///
    /// - Throws: ``MusicError`` at the first token that is not of the voice whose turn it is.
    public static func chorale(of tokens: [Int]) throws(MusicError) -> ChoraleGrid {
        var sung = tokens[...]
        if sung.first == end { sung.removeFirst() }
        if sung.last == end { sung.removeLast() }
        var pitches: [Int?] = []
        for (place, token) in sung.enumerated() {
            guard let meaning = meaning(of: token), meaning.voice.rawValue == place % Voice.allCases.count else {
                throw .unfit(
                    operation: "chorale",
                    expected: "a token of the \(Voice.allCases[place % Voice.allCases.count].name)",
                    found: "\(token) as token \(place)", wayOut: "write the four voices of each step in their order")
            }
            pitches.append(meaning.pitch)
        }
        return try ChoraleGrid(
            pitches: Array(pitches.prefix(pitches.count / Voice.allCases.count * Voice.allCases.count)))
    }
}
