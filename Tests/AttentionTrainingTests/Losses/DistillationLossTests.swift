import AttentionTensors
import AttentionTesting
import AttentionTraining
import Foundation
import Testing

@Suite struct DistillationLossTests {
    private static let logits = Tensor.uniform([3, 5], in: -2...2, key: RandomKey(seed: 1))
    /// Of each row two classes; the second row's add up to 1, the third has nothing to say of them.
    private static let classes = [4, 1, 0, 2, 3, 0]
    private static let probabilities: [Float] = [0.5, 0.25, 0.75, 0.25, 0, 0]

    private static func loss(_ logits: Tensor, temperature: Float = 1) throws -> Tensor {
        try distillationLoss(
            logits, classes: classes, probabilities: try Tensor(probabilities, shape: [3, 2]), temperature: temperature)
    }

    /// The teacher's whole distribution of a row.
    private static func whole(_ row: Int) -> [Double] {
        let kept = (0..<2).map { (classes[row * 2 + $0], Double(probabilities[row * 2 + $0])) }
        let left = (1 - kept.reduce(0) { $0 + $1.1 }) / 3
        return (0..<5).map { column in kept.first { $0.0 == column }?.1 ?? left }
    }

    /// The definition, class by class, in double precision.
    @Test(arguments: [1, 2.5]) func isTheCrossEntropyOfBoth(_ temperature: Double) throws {
        let found = try Self.loss(Self.logits, temperature: Float(temperature))
        #expect(found.shape == [3])
        for row in 0..<3 {
            let scaled = (0..<5).map { Double(Self.logits[row, $0]) / temperature }
            let sum = log(scaled.reduce(0) { $0 + exp($1) })
            let expected = zip(Self.whole(row), scaled).reduce(0) { $0 - $1.0 * ($1.1 - sum) }
            #expect(abs(Double(found[row]) - expected) < 1e-5, "\(row)")
        }
    }

    @Test func derivative() throws {
        try checkGradients(of: [Self.logits]) { try Self.loss($0[0]) }
        try checkGradients(of: [Self.logits]) { try Self.loss($0[0], temperature: 3) }
    }

    /// All that is known of one class is the usual loss.
    @Test func certaintyIsCrossEntropy() throws {
        let found = try distillationLoss(Self.logits, classes: [2, 0, 4], probabilities: .ones([3, 1])).sum().scalar
        let expected = try Self.logits.crossEntropy(targets: [2, 0, 4]).scalar
        #expect(abs(found - expected) < 1e-5)
    }

    /// Nothing is nearer to a distribution than itself: there the slope is 0.
    @Test func theSameIsTheLeast() throws {
        let rows = (0..<3).flatMap { row in Self.whole(row).map { Float(log(max($0, 1e-12))) } }
        let same = try Tensor(rows, shape: [3, 5]).tracked()
        let gradient = try #require(try Self.loss(same).sum().gradients()[same])
        for slope in gradient.values { #expect(abs(slope) < 1e-6) }
    }

    /// As many classes are kept as there are: nothing is left to spread.
    @Test func allMayBeKept() throws {
        let shares = try Self.logits.softmax()
        let found = try distillationLoss(
            Self.logits, classes: (0..<3).flatMap { _ in 0..<5 }, probabilities: shares)
        let expected = try (shares * Self.logits.logSoftmax()).sum(axis: 1) * -1
        for (one, two) in zip(found.values, expected.values) { #expect(abs(one - two) < 1e-5) }
    }

    @Test func refusals() throws {
        let two = Tensor.zeros([3, 2])
        #expect(
            throws: ShapeError(
                "distillationLoss", expected: "logits [N, C], and probabilities [N, k] of as many classes",
                found: "[3, 5], [3, 2] and 5 classes")
        ) { try distillationLoss(Self.logits, classes: [0, 1, 0, 1, 0], probabilities: two) }
        #expect(throws: ShapeError("distillationLoss", expected: "classes below 5", found: "5")) {
            try distillationLoss(Self.logits, classes: [0, 1, 0, 1, 0, 5], probabilities: two)
        }
        #expect(throws: ShapeError("distillationLoss", expected: "a temperature above 0", found: "0.0")) {
            try distillationLoss(Self.logits, classes: Self.classes, probabilities: two, temperature: 0)
        }
    }
}
