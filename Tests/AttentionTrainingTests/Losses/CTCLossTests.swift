import AttentionTensors
import AttentionTesting
import AttentionTraining
import Foundation
import Testing

@Suite struct CTCLossTests {
    private static func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
        .uniform(shape, in: -2...2, key: RandomKey(seed: seed))
    }

    /// What a way says: no repetitions, no blanks.
    private static func said(_ way: [Int], blank: Int) -> [Int] {
        way.indices.filter { way[$0] != blank && ($0 == 0 || way[$0 - 1] != way[$0]) }.map { way[$0] }
    }

    /// −ln of the sum over all ways, one by one.
    private static func enumerated(_ logits: Tensor, _ labels: [Int], blank: Int) throws -> Double {
        let shares = try logits.logSoftmax()
        let (steps, classes) = (logits.shape[0], logits.shape[1])
        var (sum, way) = (0.0, [Int](repeating: 0, count: steps))
        for number in 0..<Int(pow(Double(classes), Double(steps))) {
            var rest = number
            for step in 0..<steps { (way[step], rest) = (rest % classes, rest / classes) }
            guard said(way, blank: blank) == labels else { continue }
            sum += exp((0..<steps).reduce(0.0) { $0 + Double(shares[$1, way[$1]]) })
        }
        return -log(sum)
    }

    @Test(arguments: [[], [1], [1, 1], [2, 1], [1, 2, 1], [2, 2, 2], [0, 2]])
    func isTheSumOfAllWays(_ labels: [Int]) throws {
        for blank in [0, 3] where !labels.contains(blank) {
            for steps in 1...6 {
                let logits = Self.random([steps, 4], UInt64(steps))
                let found = try ctcLoss(logits.unsqueezed(axis: 0), targets: [labels], blank: blank)[0]
                let expected = try Self.enumerated(logits, labels, blank: blank)
                if expected == .infinity {
                    #expect(found == .infinity, "\(labels) in \(steps)")
                } else {
                    #expect(abs(Double(found) - expected) < 1e-5 * (1 + expected), "\(labels) in \(steps)")
                }
            }
        }
    }

    @Test func derivative() throws {
        let logits = Self.random([3, 7, 5], 9)
        try checkGradients(of: [logits], samples: 105) {
            try ctcLoss($0[0], lengths: [7, 5, 4], targets: [[1, 1, 2], [3], []])
        }
    }

    /// Rows do not see each other, nor what is behind their ends.
    @Test func paddingIsNotRead() throws {
        let logits = Self.random([2, 6, 4], 3)
        let both = try ctcLoss(logits, lengths: [6, 4], targets: [[1, 2], [3, 3]])
        let alone = try ctcLoss(
            try logits.sliced(axis: 0, 1..<2).sliced(axis: 1, 0..<4), targets: [[3, 3]])
        #expect(both[1] == alone[0])
        let tracked = logits.tracked()
        let gradient = try #require(
            try ctcLoss(tracked, lengths: [6, 4], targets: [[1, 2], [3, 3]]).sum().gradients()[tracked])
        #expect(try gradient.sliced(axis: 0, 1..<2).sliced(axis: 1, 4..<6).values.allSatisfy { $0 == 0 })
    }

    /// Thousands of moments, where probabilities are far below the smallest double.
    @Test func longRows() throws {
        let logits = Self.random([1, 3000, 30], 4)
        let labels = (0..<900).map { 1 + $0 * 7 % 29 }
        let tracked = logits.tracked()
        let loss = try ctcLoss(tracked, targets: [labels])
        #expect(loss[0].isFinite && loss[0] > 1000)
        let gradient = try #require(try loss.sum().gradients()[tracked])
        #expect(gradient.values.allSatisfy { $0.isFinite })
        let sums = try gradient.sum(axis: 2).values
        #expect(abs(sums.reduce(0, +)) < 1e-2)
        // Too many labels for the moments.
        let impossible = try ctcLoss(tracked, lengths: [800], targets: [labels])
        #expect(impossible[0] == .infinity)
        let nothing = try #require(try impossible.sum().gradients()[tracked])
        #expect(nothing.values.allSatisfy { $0 == 0 })
    }

    @Test func refusals() {
        let logits = Tensor.zeros([1, 3, 4])
        #expect(throws: ShapeError("ctcLoss", expected: "labels below 4 other than the blank 0", found: "4")) {
            try ctcLoss(logits, targets: [[4]])
        }
        #expect(throws: ShapeError("ctcLoss", expected: "labels below 4 other than the blank 2", found: "2")) {
            try ctcLoss(logits, targets: [[1, 2]], blank: 2)
        }
        #expect(throws: ShapeError("ctcLoss", expected: "1 lengths of at most 3", found: "[4]")) {
            try ctcLoss(logits, lengths: [4], targets: [[1]])
        }
        #expect(throws: ShapeError("ctcLoss", expected: "a blank below 4", found: "9")) {
            try ctcLoss(logits, targets: [[1]], blank: 9)
        }
        #expect(throws: ShapeError.self) { try ctcLoss(logits, targets: [[1], [1]]) }
    }
}
