import Attention
import Foundation
import Testing

@testable import Lessons

/// What the lessons say is so.
@Suite struct LessonsTests {
    @Test(arguments: [RecurrentCellKind.gru, .lstm])
    func theLastStateForgetsTheFirstWord(_ kind: RecurrentCellKind) throws {
        let shares = try [1, 4, 16, 64].map { try FixedVector.memory(kind, length: $0) }
        #expect(shares[0] == 1 && shares[1] < 0.5 && shares[2] < 0.02 && shares[3] < 1e-4, "\(shares)")
    }

    @Test func attentionReadsTheFirstWordHoweverFarItIs() throws {
        let shares = try [1, 4, 16, 64].map { try FixedVector.reading(.gru, length: $0) }
        #expect(shares.allSatisfy { $0 > 0.8 }, "\(shares)")
    }

    @Test func theFormulaIsTheMechanism() throws {
        let (hand, name) = (try AdditiveByHand.byHand(), try AdditiveByHand.byName())
        for (a, b) in zip(hand.weights.values + hand.context.values, name.weights.values + name.context.values) {
            #expect(abs(a - b) < 1e-5)
        }
    }

    /// The exercise: without the hyperbolic tangent every query looks at the same words.
    @Test func whatIsLinearForgetsTheQuery() throws {
        let other = Tensor.normal([1, 1, 1, 6], key: RandomKey(seed: 9))
        let linear = try AdditiveByHand.byHand(activation: { $0 }).weights.values
        for (a, b) in zip(linear, try AdditiveByHand.byHand(other, activation: { $0 }).weights.values) {
            #expect(abs(a - b) < 1e-5)
        }
        let curved = try AdditiveByHand.byHand().weights.values
        let moved = zip(curved, try AdditiveByHand.byHand(other).weights.values).map { abs($0 - $1) }.max() ?? 0
        #expect(moved > 0.05)
    }

    @Test func aSharpQuestionReadsOneEntryAndAnEvenOneTheMean() throws {
        let red = try SoftDictionary.ask([1, 0, 0], sharpness: 16)
        #expect(red.weights[0] > 0.999 && abs(red.answer[1] - 620) < 0.1)
        let between = try SoftDictionary.ask([0.5, 0.5, 0], sharpness: 16)
        #expect(abs(between.weights[0] - between.weights[1]) < 1e-6 && abs(between.answer[1] - 580) < 0.5)
        let nothing = try SoftDictionary.ask([0, 0, 0], sharpness: 1)
        #expect(nothing.weights.allSatisfy { abs($0 - 1 / 3) < 1e-6 })
    }

    @Test func scalingKeepsManyFeaturesFromDecidingAlone() throws {
        #expect(try SoftDictionary.greatestWeight(size: 1024, isScaled: false) > 0.9)
        #expect(try SoftDictionary.greatestWeight(size: 1024, isScaled: true) < 0.5)
        let single = try SoftDictionary.greatestWeight(size: 1, isScaled: false)
        #expect(abs(try SoftDictionary.greatestWeight(size: 1, isScaled: true) - single) < 1e-6)
    }

    @Test func theGeneralScoreTranslatesQuestions() throws {
        let bleu = try SoftDictionary.askInFrench([1, 0, 0], sharpness: 16)
        let rouge = try SoftDictionary.askInFrench([0, 1, 0], sharpness: 16)
        let vert = try SoftDictionary.askInFrench([0, 0, 1], sharpness: 16)
        #expect(bleu[2] > 0.999 && rouge[0] > 0.999 && vert[1] > 0.999)
    }

    @Test func oneHeadMixesWhatTwoKeepApart() throws {
        let (one, other): ([Float], [Float]) = ([3, 0, 0, 7, 0], [7, 0, 0, 3, 0])
        #expect(try abs(ManyHeads.read(one, headCount: 1)[0] - 5) < 1e-4)
        #expect(try abs(ManyHeads.read(other, headCount: 1)[0] - 5) < 1e-4)
        let (first, second) = (
            try ManyHeads.read(one, headCount: 2), try ManyHeads.read(other, headCount: 2)
        )
        #expect(zip(first, [3, 7]).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(zip(second, [7, 3]).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    /// The exercise: heads cost no parameters.
    @Test func headsAreFree() {
        #expect(Set([1, 2, 4, 8].map { ManyHeads.parameterCount(headCount: $0) }) == [4 * (64 * 64 + 64)])
    }

    @Test(arguments: [Float(0), 1.5, 4])
    func marginalsAreThoseOfAllChoices(_ togetherness: Float) throws {
        let found = try StructuredReading.marginals(togetherness: togetherness)
        for (a, b) in zip(found, StructuredReading.byEnumeration(togetherness: togetherness)) {
            #expect(abs(a - b) < 1e-5)
        }
    }

    @Test func aDoubtfulWordIsReadWithItsNeighbours() throws {
        let (alone, together) = (
            try StructuredReading.marginals(togetherness: 0), try StructuredReading.marginals(togetherness: 1.5)
        )
        #expect(alone[5] < 0.5 && together[5] > 0.5, "the word in the middle")
        #expect(alone[1] > 0.5 && together[1] < 0.5, "the word by chance")
    }

    @Test func drawsEstimateTheExactGradient() throws {
        let exact = try SoftAndHard.exactGradient()
        let plain = try SoftAndHard.estimatedGradient(drawCount: 20_000, baseline: 0)
        let compared = try SoftAndHard.estimatedGradient(drawCount: 20_000, baseline: 1.2)
        for place in 0..<4 {
            for estimate in [plain, compared] {
                let error = estimate.deviation[place] / Float(20_000).squareRoot()
                #expect(abs(estimate.mean[place] - exact[place]) < 4 * error)
            }
            #expect(compared.deviation[place] < plain.deviation[place])
        }
    }

    @Test func aTransformerLearnsToSort() throws {
        let (model, losses) = try SortingTransformer.trained(updates: 600)
        #expect(losses.last ?? 9 < 0.3, "guessing has ln 10 = 2.3: \(losses)")
        #expect(try model.sort([9, 2, 6, 5, 3]) == [2, 3, 5, 6, 9])
    }

    /// The exercise: a Transformer that knows no places sees a set.
    @Test func withoutPlacesAnOtherOrderIsTheSameInAnotherOrder() throws {
        let model = SortingTransformer(hasPlaces: false)
        let logits = try model([[3, 1, 4, 1, 5]])
        let moved = try model([[5, 3, 1, 4, 1]])
        for place in 0..<5 {
            for digit in 0..<10 { #expect(abs(logits[0, place, digit] - moved[0, (place + 1) % 5, digit]) < 1e-4) }
        }
        let placed = SortingTransformer()
        #expect(try abs(placed([[3, 1, 4, 1, 5]])[0, 0, 0] - placed([[5, 3, 1, 4, 1]])[0, 1, 0]) > 1e-3)
    }

    @Test func theTranslatorLooksAtWhatItSays() throws {
        let (text, matrix) = try LookInside.picture()
        let red = try #require(matrix.source.firstIndex { $0.hasPrefix("red") })
        let rouge = try #require(matrix.target.firstIndex { $0.hasPrefix("rouge") }, "\(text)")
        #expect(matrix.weights[rouge].firstIndex(of: matrix.weights[rouge].max() ?? 0) == red)
        #expect(try LookInside.translation(without: "cross:*.*") != text)
    }

    /// What articles quote is what lessons say: words as they are, numbers nearly, since kernels of other processors round otherwise. (The translator's lesson is
    /// words, and which they are is a matter of rounding, too.)
    @Test(arguments: 1...7) func articlesQuoteWhatTheirLessonSays(_ number: Int) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/Attention/Attention.docc")
        let article = try #require(
            try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "md" }
                .map { try String(contentsOf: $0, encoding: .utf8) }.first { $0.hasPrefix("# Lesson \(number):") })
        let blocks = article.components(separatedBy: "\n```")
        let said = try Lessons.all[number - 1].say().split(whereSeparator: \.isWhitespace)
        let isQuoted = blocks.contains { block in
            let words = block.split(whereSeparator: \.isWhitespace)
            return words.count == said.count
                && zip(words, said).allSatisfy { first, second in
                    guard let a = Double(first.filter { $0 != "," }), let b = Double(second.filter { $0 != "," }) else {
                        return first == second
                    }
                    return abs(a - b) <= 0.02 + 0.05 * abs(b)
                }
        }
        #expect(isQuoted, "\(said.joined(separator: " "))")
    }

    @Test func everyLessonHasAPicture() throws {
        for lesson in Lessons.all {
            let drawing = try lesson.draw()
            #expect(drawing.hasPrefix("<svg ") && drawing.hasSuffix("</svg>\n"), "\(lesson.title)")
        }
    }
}
