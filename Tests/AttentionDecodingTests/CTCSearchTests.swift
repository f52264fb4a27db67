import AttentionDecoding
import AttentionTensors
import Foundation
import Testing

@Suite struct CTCSearchTests {
    private static func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
        .uniform(shape, in: -2...2, key: RandomKey(seed: seed))
    }

    /// ln P of every label sequence, over all ways to it.
    private static func enumerated(_ logits: Tensor, blank: Int) throws -> [[Int]: Double] {
        let shares = try logits.logSoftmax()
        let (steps, classes) = (logits.shape[0], logits.shape[1])
        var (sums, way) = ([[Int]: Double](), [Int](repeating: 0, count: steps))
        for number in 0..<Int(pow(Double(classes), Double(steps))) {
            var rest = number
            for step in 0..<steps { (way[step], rest) = (rest % classes, rest / classes) }
            let said = way.indices.filter { way[$0] != blank && ($0 == 0 || way[$0 - 1] != way[$0]) }.map { way[$0] }
            sums[said, default: 0] += exp((0..<steps).reduce(0.0) { $0 + Double(shares[$1, way[$1]]) })
        }
        return sums.mapValues { log($0) }
    }

    @Test func aWideBeamFindsTheLikeliestLabels() throws {
        for seed in 0..<12 as Range<UInt64> {
            let blank = Int(seed % 3)
            let logits = Self.random([5, 3], seed)
            let all = try Self.enumerated(logits, blank: blank)
            let best = try #require(all.max { $0.value < $1.value })
            let found = try CTCSearch(blank: blank, beamSize: 1000)(logits)
            #expect(found.labels == best.key && abs(found.logProbability - best.value) < 1e-5)
            #expect(found.moments.count == found.labels.count && found.moments == found.moments.sorted())
        }
    }

    @Test func oneBeamTakesTheLikeliestClassOfEachMoment() throws {
        let rows: [[Float]] = [[0, 5, 0], [0, 6, 0], [5, 0, 0], [0, 4, 0], [0, 0, 4], [0, 0, 5], [7, 0, 0]]
        let logits = try Tensor(rows.flatMap { $0 }, shape: [7, 3])
        let found = try CTCSearch()(logits)
        #expect(found.labels == [1, 1, 2] && found.moments == [0, 3, 4])
        let shares = try logits.logSoftmax()
        let best = [1, 1, 0, 1, 2, 2, 0]
        let expected = best.indices.reduce(0.0) { $0 + Double(shares[$1, best[$1]]) }
        #expect(abs(found.logProbability - expected) < 1e-6)
        #expect(try CTCSearch()(Tensor.zeros([0, 3])).labels == [])
        #expect(try CTCSearch(beamSize: 4)(Tensor.zeros([0, 3])).labels == [])
    }

    @Test func refusals() {
        #expect(throws: SearchError.self) { try CTCSearch(blank: 3)(.zeros([2, 3])) }
        #expect(throws: SearchError.self) { try CTCSearch(beamSize: 0)(.zeros([2, 3])) }
        #expect(throws: SearchError.self) { try CTCSearch()(.zeros([3])) }
    }
}
