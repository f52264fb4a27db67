/// Four voices on a grid of sixteenth notes: which pitch sounds in each voice at each step.
///
/// A note that is held and a note that is struck again are the same here, as in the data that models learn from: both are its pitch at every
/// step that it sounds. A bar of four quarters is 16 steps.
public struct ChoraleGrid: Sendable, Hashable {
    /// The pitches (MIDI numbers, middle C is 60) step by step, of each step soprano, alto, tenor and bass; nil is silence.
    public private(set) var pitches: [Int?]

    /// Steps in a quarter note.
    public static let stepsPerQuarter = 4
    /// Steps in a bar of four quarters.
    public static let stepsPerBar = 16
    /// Voices of a step.
    public static let voiceCount = Voice.allCases.count

    /// A grid of these pitches.
    ///
    /// - Throws: ``MusicError`` unless there are four for each step, each from 0 to 127 or nil.
    public init(pitches: [Int?]) throws(MusicError) {
        guard pitches.count % Self.voiceCount == 0 else {
            throw .unfit(
                operation: "chorale", expected: "four pitches for each step", found: "\(pitches.count) in all",
                wayOut: "say nil where a voice is silent")
        }
        for case let pitch? in pitches where !(0...127).contains(pitch) {
            throw .unfit(
                operation: "chorale", expected: "pitches from 0 to 127", found: "\(pitch)",
                wayOut: "count from middle C, which is 60")
        }
        self.pitches = pitches
    }

    /// How many steps there are.
    public var stepCount: Int { pitches.count / Self.voiceCount }

    /// What a voice sings at a step.
    ///
    /// - Precondition: there is such a step.
    public subscript(step: Int, voice: Voice) -> Int? { pitches[step * Self.voiceCount + voice.rawValue] }

    /// What a voice sings, step by step.
    public func line(of voice: Voice) -> [Int?] { (0..<stepCount).map { self[$0, voice] } }

    /// The same so many semitones higher.
    ///
    /// - Throws: ``MusicError`` if a pitch leaves 0 to 127.
    public func transposed(by semitones: Int) throws(MusicError) -> ChoraleGrid {
        try ChoraleGrid(pitches: pitches.map { pitch in pitch.map { $0 + semitones } })
    }

    /// The transpositions, the present one among them, in which every voice stays in its range or as near to it as it is now.
    public var transpositions: ClosedRange<Int> {
        var (lowest, highest) = (-11, 11)
        for voice in Voice.allCases {
            for case let pitch? in line(of: voice) {
                lowest = max(lowest, min(0, voice.range.lowerBound - pitch))
                highest = min(highest, max(0, voice.range.upperBound - pitch))
            }
        }
        return lowest...highest
    }
}
