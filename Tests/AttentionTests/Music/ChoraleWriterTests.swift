import Attention
import Testing

@Suite struct ChoraleWriterTests {
    static func model(_ positions: MusicTransformerConfiguration.Positions = .relative) throws -> CausalLanguageModel {
        var sizes = MusicTransformerConfiguration()
        (sizes.modelSize, sizes.headCount, sizes.layerCount, sizes.feedForwardSize) = (8, 2, 2, 8)
        (sizes.farthestDistance, sizes.positions, sizes.maximumLength) = (8, positions, 30)
        return try MusicTransformer.model(sizes, key: RandomKey(seed: 1))
    }

    private static let melody: [Int?] = [60, 60, 62, nil, 81, 64]

    /// An untrained model finds every note as likely as any other, so that only the rules keep voices where they belong.
    @Test func voicesStayInTheirRanges() throws {
        var writer = try ChoraleWriter(Self.model())
        writer.topP = 1
        let chorale = try writer.write(ChoraleOutline(stepCount: 40), key: RandomKey(seed: 1))[0].chorale
        #expect(chorale.stepCount == 40)
        #expect(VoiceLeading(of: chorale).outsideRangeCount == 0)
        #expect(Set(chorale.line(of: .bass)).count > 10)
    }

    @Test func whatIsGivenIsKept() throws {
        var writer = try ChoraleWriter(Self.model())
        writer.candidateCount = 3
        let found = try writer.write(ChoraleOutline(harmonizing: Self.melody), key: RandomKey(seed: 2))
        #expect(found.count == 3)
        for written in found { #expect(written.chorale.line(of: .soprano) == Self.melody) }
        #expect(found.map(\.meanLogProbability) == found.map(\.meanLogProbability).sorted(by: >))
        let voices: [[Int?]] = [[60, 62], [55, 57], [52, nil], [48, 36]]
        let begun = try writer.write(ChoraleOutline(stepCount: 3, beginning: voices), key: RandomKey(seed: 2))[0]
        #expect(Voice.allCases.map { Array(begun.chorale.line(of: $0).prefix(2)) } == voices)
        let whole = try writer.write(ChoraleOutline(stepCount: 2, beginning: voices), key: RandomKey(seed: 2))
        #expect(Voice.allCases.map(whole[0].chorale.line) == voices)
    }

    @Test func aSeedIsAChorale() throws {
        let writer = try ChoraleWriter(Self.model())
        let outline = try ChoraleOutline(stepCount: 4)
        let first = try writer.write(outline, key: RandomKey(seed: 1))
        #expect(try writer.write(outline, key: RandomKey(seed: 1)) == first)
        #expect(try writer.write(outline, key: RandomKey(seed: 2)) != first)
    }

    /// ln P of a chorale is the sum over its tokens and the end, as the model has them.
    @Test func likelihoodIsTheModels() throws {
        let writer = try ChoraleWriter(Self.model())
        let written = try writer.write(ChoraleOutline(stepCount: 2), key: RandomKey(seed: 1))[0]
        let tokens = try ChoraleVocabulary.tokens(of: written.chorale)
        let shares = try writer.model.logProbabilities(of: tokens)
        #expect(shares.count == 9)
        #expect(abs(written.meanLogProbability - Double(shares.reduce(0, +)) / 9) < 1e-5)
    }

    @Test func attentionIsSharedAmongBars() throws {
        let writer = try ChoraleWriter(Self.model())
        let chorale = try writer.write(ChoraleOutline(stepCount: 20), key: RandomKey(seed: 1))[0].chorale
        let gaze = try writer.gaze(.soprano, step: 18, in: chorale)
        #expect(gaze.bars.count == 2 && gaze.bars.allSatisfy { $0 > 0 })
        // Nearly uniform over 73 tokens, of which the first is in no bar.
        #expect(abs(gaze.bars[0] - 64.0 / 73) < 0.05 && abs(gaze.bars.reduce(0, +) - 72.0 / 73) < 0.01)
        #expect(try writer.gaze(.soprano, step: 0, in: chorale).bars == [0])
        #expect(throws: MusicError.self) { try writer.gaze(.soprano, step: 20, in: chorale) }
    }

    @Test func refusals() throws {
        func sentence(_ body: () throws -> Void) -> String {
            do {
                try body()
                return "nothing was thrown"
            } catch { return "\(error)" }
        }
        #expect(
            sentence { _ = try ChoraleOutline(harmonizing: [60, 59]) }
                == "outline: expected the soprano from C4 to A5, as Bach writes it, found B3 at step 1; move the music up or down"
        )
        #expect(
            sentence { _ = try ChoraleOutline(stepCount: 1, beginning: [[60, 60]]) }
                == "outline: expected at most 1 steps, found 2 given; ask for more bars, or give less")
        #expect(throws: MusicError.self) { try ChoraleOutline(stepCount: 0) }
        #expect(throws: MusicError.self) { try ChoraleOutline(stepCount: 1025) }
        let short = try ChoraleWriter(Self.model(.absolute))
        #expect(
            sentence { _ = try short.write(ChoraleOutline(stepCount: 8), key: .blank) }
                == "chorale: expected at most 7 steps, which the model reads, found 8; take a model of relative positions, or write less"
        )
        var sizes = MusicTransformerConfiguration()
        sizes.vocabularySize = 10
        let other = try MusicTransformer.model(sizes, key: .blank)
        #expect(
            sentence { _ = try ChoraleWriter(other) }
                == "chorale: expected a model of 189 tokens, found 10; take one that was trained on chorales (Examples/Chorales)"
        )
    }
}
