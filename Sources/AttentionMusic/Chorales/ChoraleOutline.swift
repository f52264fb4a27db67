/// What is given of a chorale that is yet to be written: at each step and voice a pitch, a silence, or nothing.
public struct ChoraleOutline: Sendable, Hashable {
    /// What is said of a voice at a step.
    public enum Cell: Sendable, Hashable {
        /// Nothing: it is to be written.
        case open
        /// It sings this pitch, or is silent.
        case given(Int?)
    }

    /// Step by step, of each step soprano, alto, tenor and bass.
    public private(set) var cells: [Cell]

    /// The most steps.
    public static let stepLimit = 64 * ChoraleGrid.stepsPerBar

    /// So many steps of which nothing is given.
    ///
    /// - Throws: ``MusicError`` unless there are 1 to ``stepLimit``.
    public init(stepCount: Int) throws(MusicError) {
        guard stepCount > 0 else {
            throw .unfit(
                operation: "outline", expected: "at least one step", found: "\(stepCount)",
                wayOut: "ask for a bar or more")
        }
        guard stepCount <= Self.stepLimit else {
            throw .tooLarge(
                operation: "outline", limit: Self.stepLimit, unit: "sixteenth notes (64 bars)", found: "\(stepCount)")
        }
        cells = [Cell](repeating: .open, count: stepCount * ChoraleGrid.voiceCount)
    }

    /// So many steps that begin with what is given: one line is the soprano, four are all voices.
    ///
    /// - Throws: ``MusicError`` as above, or if there are more given steps, or a pitch outside the range of its voice.
    public init(stepCount: Int, beginning voices: [[Int?]]) throws(MusicError) {
        try self.init(stepCount: stepCount)
        for (voice, line) in zip(Voice.allCases, voices) { try give(line, to: voice) }
    }

    /// A chorale to a melody, which is the soprano from the first step to the last.
    ///
    /// - Throws: ``MusicError`` as above.
    public init(harmonizing melody: [Int?]) throws(MusicError) {
        try self.init(stepCount: melody.count, beginning: [melody])
    }

    /// How many steps there are.
    public var stepCount: Int { cells.count / ChoraleGrid.voiceCount }

    /// What a voice sings from the first step on.
    ///
    /// - Throws: ``MusicError`` if there are fewer steps, or a pitch is outside the range of the voice.
    public mutating func give(_ line: [Int?], to voice: Voice) throws(MusicError) {
        guard line.count <= stepCount else {
            throw .unfit(
                operation: "outline", expected: "at most \(stepCount) steps", found: "\(line.count) given",
                wayOut: "ask for more bars, or give less")
        }
        for (step, pitch) in line.enumerated() {
            if let pitch, !voice.range.contains(pitch) {
                let range = voice.range
                throw .unfit(
                    operation: "outline",
                    expected:
                        "the \(voice.name) from \(NoteName.name(of: range.lowerBound)) to \(NoteName.name(of: range.upperBound)), as Bach writes it",
                    found: "\(NoteName.name(of: pitch)) at step \(step)", wayOut: "move the music up or down")
            }
            cells[step * ChoraleGrid.voiceCount + voice.rawValue] = .given(pitch)
        }
    }
}
