import AttentionFiles
import AttentionTensors
import AttentionTraining
import Testing

struct TeacherForcingTests {
    /// ε_i as in Bengio et al. 2015, section 2.4, computed in double precision.
    @Test(
        arguments: [
            (.always, [1, 1, 1]),
            (.linear(slope: 0.005, floor: 0.1), [1, 0.95, 0.5]),
            (.exponential(base: 0.99), [1, 0.9043820750, 0.3660323413]),
            (.inverseSigmoid(speed: 20), [0.9523809524, 0.9238420944, 0.1187555658]),
        ] as [(TeacherForcing, [Float])])
    func probabilities(schedule: TeacherForcing, expected: [Float]) {
        for (update, probability) in zip([0, 10, 100], expected) {
            #expect(abs(schedule.probability(at: update) - probability) < 1e-6)
        }
    }

    @Test func probabilitiesFallAndStayWithinBounds() {
        for schedule: TeacherForcing in [
            .linear(start: 2, slope: 0.01, floor: 0.2), .exponential(base: 0.9), .inverseSigmoid(speed: 5),
        ] {
            let values = (0..<2000).map { schedule.probability(at: $0) }
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
            #expect(values.allSatisfy { 0...1 ~= $0 })
        }
        #expect(TeacherForcing.linear(slope: 0.01, floor: 0.2).probability(at: 100_000) == 0.2)
    }

    @Test func idsAreMixedInTheRightProportion() throws {
        let gold = Array(0..<10_000)
        let predicted = gold.map { -1 - $0 }
        let key = RandomKey(seed: 8)
        let mixed = try scheduledSample(gold: gold, predicted: predicted, probability: 0.7, key: key)
        #expect(zip(mixed, gold).allSatisfy { $0 == $1 || $0 == -1 - $1 })
        #expect(abs(mixed.count { $0 >= 0 } - 7000) < 200)  // more than four standard deviations
        #expect(try scheduledSample(gold: gold, predicted: predicted, probability: 0.7, key: key) == mixed)
        #expect(try scheduledSample(gold: gold, predicted: predicted, probability: 0.7, key: key[1]) != mixed)
        #expect(try scheduledSample(gold: gold, predicted: predicted, probability: 1, key: key) == gold)
        #expect(try scheduledSample(gold: gold, predicted: predicted, probability: 0, key: key) == predicted)
    }

    @Test func everyGoldIdNeedsAPrediction() {
        #expect(throws: ShapeError("scheduledSample", expected: "2 predicted ids", found: "1")) {
            try scheduledSample(gold: [1, 2], predicted: [1], probability: 0.5, key: RandomKey(seed: 1))
        }
    }
}
