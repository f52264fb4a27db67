/// How voices move against each other, counted: what a teacher of harmony would mark.
///
/// A chorale is read where something changes: from one step to the next, for the steps at which a voice of the pair moves. Parallel fifths are two
/// voices that are a fifth (or a fifth and octaves) apart before and after both move in the same direction; parallel octaves likewise, unisons among
/// them. A note that is struck again does not move.
public struct VoiceLeading: Sendable, Hashable {
    /// Steps of pairs of voices in which both move: six pairs, at most six for each step.
    public private(set) var motionCount = 0
    /// Parallel fifths among them.
    public private(set) var parallelFifthCount = 0
    /// Parallel octaves and unisons among them.
    public private(set) var parallelOctaveCount = 0
    /// Pitches at all steps and voices.
    public private(set) var pitchCount = 0
    /// Pitches outside the range of their voice.
    public private(set) var outsideRangeCount = 0
    /// Steps at which a voice sings above the one over it.
    public private(set) var crossingCount = 0
    /// Steps.
    public private(set) var stepCount = 0

    /// Counts nothing yet.
    public init() {}

    /// Counts in a chorale.
    public init(of chorale: ChoraleGrid) {
        stepCount = chorale.stepCount
        for step in 0..<chorale.stepCount {
            let sung = Voice.allCases.map { chorale[step, $0] }
            for (voice, pitch) in zip(Voice.allCases, sung) {
                guard let pitch else { continue }
                pitchCount += 1
                if !voice.range.contains(pitch) { outsideRangeCount += 1 }
            }
            let present = sung.compactMap { $0 }
            if zip(present, present.dropFirst()).contains(where: { $0 < $1 }) { crossingCount += 1 }
            if step > 0 { countMotion(from: Voice.allCases.map { chorale[step - 1, $0] }, to: sung) }
        }
    }

    private mutating func countMotion(from before: [Int?], to after: [Int?]) {
        for upper in before.indices {
            for lower in before.indices.dropFirst(upper + 1) {
                guard let a = before[upper], let b = before[lower], let c = after[upper], let d = after[lower],
                    a != c, b != d
                else { continue }
                motionCount += 1
                guard (c > a) == (d > b), (a - b - (c - d)) % 12 == 0 else { continue }
                switch abs(c - d) % 12 {
                case 7: parallelFifthCount += 1
                case 0: parallelOctaveCount += 1
                default: break
                }
            }
        }
    }

    /// The counts of both.
    public static func + (left: VoiceLeading, right: VoiceLeading) -> VoiceLeading {
        var sum = left
        sum.motionCount += right.motionCount
        sum.parallelFifthCount += right.parallelFifthCount
        sum.parallelOctaveCount += right.parallelOctaveCount
        sum.pitchCount += right.pitchCount
        sum.outsideRangeCount += right.outsideRangeCount
        sum.crossingCount += right.crossingCount
        sum.stepCount += right.stepCount
        return sum
    }
}
