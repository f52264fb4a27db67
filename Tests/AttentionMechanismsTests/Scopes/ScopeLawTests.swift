import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

/// Whether the region admits each pair of each item, row-major [B, Q, K].
private func truth(_ region: Region, queryCount: Int, lengths: [Int]? = nil) throws -> [Bool] {
    let shape: Shape = [Trial.batch, 1, queryCount, Trial.keyCount]
    guard let mask = try region.mask(queryCount: queryCount, keyCount: Trial.keyCount, lengths: lengths) else {
        return [Bool](repeating: true, count: shape.elementCount)
    }
    let all = try Mask([Bool](repeating: true, count: shape.elementCount), shape: shape)
    return try mask.intersection(all).bytes.map { $0 == 1 }
}

/// Every item, query and key.
private func pairs(queryCount: Int) -> [(item: Int, i: Int, j: Int)] {
    (0..<Trial.batch).flatMap { item in
        (0..<queryCount).flatMap { i in (0..<Trial.keyCount).map { j in (item, i, j) } }
    }
}

@Suite struct ScopeLawTests {
    @Test(arguments: [(12, 0), (5, 3), (1, 11)])
    func scopesAreTheirDefinitions(queryCount: Int, offset: Int) throws {
        let (query, keys) = (random([2, 2, queryCount, 4], 1), random([2, 2, Trial.keyCount, 4], 2))
        for pattern in try Trial.patterns(queryCount: queryCount, offset: offset) {
            let region = try pattern.scope.region(query: query, memory: try remembering(keys), positions: .from(offset))
            let expected = pairs(queryCount: queryCount).map { item, i, j in pattern.admits(item, i, i + offset, j) }
            #expect(try truth(region, queryCount: queryCount) == expected, "\(pattern.name)")
        }
    }

    @Test(arguments: [(12, 0), (5, 3)]) func intersectionsAdmitWhatBothAdmit(queryCount: Int, offset: Int) throws {
        let (query, keys) = (random([2, 2, queryCount, 4], 1), random([2, 2, Trial.keyCount, 4], 2))
        let patterns = try Trial.patterns(queryCount: queryCount, offset: offset)
        for first in patterns {
            for second in patterns {
                let scope = IntersectionScope.intersection(first.scope, CausalScope.causal, second.scope)
                let region = try scope.region(query: query, memory: try remembering(keys), positions: .from(offset))
                let expected = pairs(queryCount: queryCount).map { item, i, j in
                    first.admits(item, i, i + offset, j) && j <= i + offset && second.admits(item, i, i + offset, j)
                }
                #expect(
                    try truth(region, queryCount: queryCount) == expected, "\(first.name) and \(second.name)")
            }
        }
    }

    @Test(arguments: [(12, 0), (5, 3)])
    func symbolicRegionsAreTheirExplicitMasks(queryCount: Int, offset: Int) throws {
        let query = random([2, 4, queryCount, 4], 1)
        let (keys, values) = (random([2, 2, Trial.keyCount, 4], 2), random([2, 2, Trial.keyCount, 3], 3))
        for pattern in try Trial.patterns(queryCount: queryCount, offset: offset) {
            let region = try pattern.scope.region(query: query, memory: try remembering(keys), positions: .from(offset))
            let explicit = try Mask(truth(region, queryCount: queryCount), shape: [2, 1, queryCount, Trial.keyCount])
            let symbolic = AttentionMechanism.with(pattern.scope)
            let memory = try symbolic.remember(keys: keys, values: values, lengths: [9, 0])
            let expected = try AttentionMechanism(scope: .mask(explicit)).align(query, memory, positions: .from(offset))
            let found = try symbolic.align(query, memory, positions: .from(offset))
            #expect(found.weights.values == expected.weights.values, "\(pattern.name)")
            expectClose(try symbolic.attend(query, memory, positions: .from(offset)), expected.context)
        }
    }

    @Test func fusedBandsAreGeneric() throws {
        let inputs = [random([1, 2, 7, 4], 1), random([1, 2, 9, 4], 2), random([1, 2, 9, 3], 3)]
        let scopes: [any Scope] = [
            SlidingWindowScope.slidingWindow(left: 2, right: 1), SlidingWindowScope.slidingWindow(left: 0, right: nil),
            IntersectionScope.intersection(.causal, .slidingWindow(left: 2, right: nil)),
            CausalScope.causal(alignment: .bottomRight),
        ]
        for (scope, offset) in zip(scopes + scopes, [0, 0, 0, 0, 5, 5, 5, 5]) {
            let mechanism = AttentionMechanism.with(scope)
            #expect(
                try scope.region(query: inputs[0], memory: try remembering(inputs[1]), positions: .from(offset)).band
                    != nil)
            for fused in [true, false] {
                try checkGradients(of: inputs) { inputs in
                    let memory = try mechanism.remember(keys: inputs[1], values: inputs[2], lengths: [8])
                    return fused
                        ? try mechanism.attend(inputs[0], memory, positions: .from(offset))
                        : try mechanism.align(inputs[0], memory, positions: .from(offset)).context
                }
            }
        }
    }

    @Test func causalRowsSeeOneMoreEach() throws {
        let tokens = random([1, 1, 40, 4], 1)
        for scope in [CausalScope.causal, CausalScope.causal(alignment: .bottomRight)] {
            let region = try scope.region(query: tokens, memory: try remembering(tokens), positions: .from(0))
            let mask = try #require(try region.mask(queryCount: 40, keyCount: 40, lengths: nil))
            for i in 0..<40 { #expect((0..<40).count { mask[0, 0, i, $0] } == i + 1) }
        }
    }
}

extension AttentionMechanism {
    /// A mechanism of the usual score and normalizer with this scope.
    static func with(_ scope: any Scope) -> AttentionMechanism {
        var mechanism = AttentionMechanism()
        mechanism.scope = scope
        return mechanism
    }
}
