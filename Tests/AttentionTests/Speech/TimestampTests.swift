import Attention
import AttentionDecoding
import Foundation
import Testing

/// Moments in texts as transformers has them; `scripts/make-speech-fixtures.py` made the cases.
@Suite struct TimestampTests {
    private struct Fixture: Decodable {
        struct Rule: Decodable {
            let tokens: [Int]
            let scores: [Float]
            let allowed: [Int]
        }
        struct Cut: Decodable {
            struct Stretch: Decodable {
                let start: Int
                let end: Int
                let tokens: [Int]
            }
            let tokens: [Int]
            let advance: Int
            let stretches: [Stretch]
        }
        let rules: [Rule]
        let cuts: [Cut]

        static func read() throws -> Fixture {
            let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
            let file = try Data(contentsOf: URL(filePath: folder + "/Fixtures/Speech/timestamps.json"))
            return try JSONDecoder().decode(Fixture.self, from: file)
        }
    }

    @Test func allowedAreTheTokensThatTheReferenceAllows() throws {
        let rules = TimestampRules(
            SpeechTokens(start: 2, withoutTimestamps: 9, latestBeginning: 6), endTokens: [1])
        let cases = try Fixture.read().rules
        #expect(cases.count == 40)
        for entry in cases {
            var scores = entry.scores
            scores.withUnsafeMutableBufferPointer { buffer in
                rules.process(
                    TokenScores(buffer), after: WrittenText(prompt: [2], tokens: entry.tokens, limit: 100))
            }
            #expect(scores.indices.filter { scores[$0] > -.infinity } == entry.allowed, "\(entry.tokens)")
            #expect(entry.allowed.allSatisfy { scores[$0] == entry.scores[$0] })
        }
    }

    @Test func textsAreCutWhereTheReferenceCutsThem() throws {
        let cases = try Fixture.read().cuts
        #expect(cases.count >= 25)
        for entry in cases {
            let timed = TimedTokens(entry.tokens, first: 10, momentCount: 50)
            #expect(timed.advance.map { 2 * $0 } ?? 100 == entry.advance, "\(entry.tokens)")
            try #require(timed.stretches.count == entry.stretches.count, "\(entry.tokens)")
            for (found, expected) in zip(timed.stretches, entry.stretches) {
                #expect((found.start, found.end) == (expected.start, expected.end), "\(entry.tokens)")
                // The reference leaves the beginning of the next stretch at the end of the last.
                #expect(expected.tokens.starts(with: found.tokens), "\(entry.tokens)")
            }
        }
    }

    /// Texts without moments, with nothing, or with moments that a damaged model writes.
    @Test func oddTexts() {
        let nothing = TimedTokens([], first: 10, momentCount: 50)
        #expect(nothing.stretches.map(\.end) == [50] && nothing.advance == nil)
        let still = TimedTokens([10, 10, 10], first: 10, momentCount: 50)
        #expect(still.advance == nil)
        let beyond = TimedTokens([3, 90], first: 10, momentCount: 50)
        #expect(beyond.stretches.map(\.end) == [50])
    }

    @Test func subtitles() {
        let segment = Transcript.Segment(start: 59.9996, end: 3725.5, text: " A <b> & c.")
        #expect(segment.subRip(number: 3) == "3\n00:01:00,000 --> 01:02:05,500\nA <b> & c.\n")
        #expect(segment.webVTT == "00:01:00.000 --> 01:02:05.500\nA &lt;b&gt; &amp; c.\n")
        #expect(segment.timed == "[00:01:00.000 --> 01:02:05.500] A <b> & c.")
        #expect(Transcript(segments: [segment, segment]).text == "A <b> & c. A <b> & c.")
    }
}
