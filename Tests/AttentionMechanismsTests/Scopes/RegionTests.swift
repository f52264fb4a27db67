import AttentionMechanisms
import AttentionTensors
import Testing

@Suite struct RegionTests {
    @Test func causalWindowIsOneBand() throws {
        let tokens = Tensor.zeros([1, 1, 6, 4])
        let scope = IntersectionScope.intersection(.causal, .slidingWindow(left: 3, right: nil))
        #expect(
            try scope.region(query: tokens, memory: try remembering(tokens), positions: .from(2))
                == .band(Band(lowest: -1, highest: 2)))
    }

    @Test func bandsIntersectToBands() throws {
        let bands: [Band] = [nil, -2, 0, 1].flatMap { low in
            [nil, -1, 0, 3].map { Band(lowest: low, highest: $0) }
        }
        for first in bands {
            for second in bands {
                let both = try Region.band(first).intersection(.band(second))
                let mask = try both.mask(queryCount: 5, keyCount: 6, lengths: nil)
                for i in 0..<5 {
                    for j in 0..<6 {
                        let admitted = [first, second].allSatisfy {
                            ($0.lowest ?? -9) <= j - i && j - i <= ($0.highest ?? 9)
                        }
                        #expect(mask?[0, 0, i, j] == admitted)
                    }
                }
            }
        }
    }

    @Test func aBandWithoutPairsHasNoKernel() throws {
        let nothing = try Region.causal(offset: -1).intersection(.band(Band(lowest: 0, highest: nil)))
        #expect(nothing.band == nil)
        let mechanism = AttentionMechanism(
            scope: .intersection(.slidingWindow(left: 0, right: nil), .causal(alignment: .bottomRight)))
        let memory = try mechanism.remember(keys: .ones([1, 1, 3, 2]), values: .ones([1, 1, 3, 2]))
        // Three keys before five queries that begin at place 4: nothing is both behind the query and at the end.
        #expect(
            try mechanism.attend(.ones([1, 1, 5, 2]), memory, positions: .from(4)).values
                == [Float](repeating: 0, count: 10))
    }

    @Test func everywhereNeedsNoMask() throws {
        #expect(try Region.everywhere.mask(queryCount: 2, keyCount: 3, lengths: nil) == nil)
        #expect(try Region.everywhere.intersection(.causal(offset: 1)) == .causal(offset: 1))
        #expect(Region.everywhere.band == Band(lowest: nil, highest: nil))
    }
}
