import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct ShawTests {
    @Test func gradients() throws {
        let inputs = [
            random([2, 2, 3, 4], 1), random([2, 2, 5, 4], 2), random([2, 2, 5, 3], 3), random([5, 4], 4),
            random([5, 3], 5),
        ]
        try checkGradients(of: inputs) { inputs in
            let shaw = ShawModifier(relativeKey: inputs[3], relativeValue: inputs[4], clip: 2)
            let mechanism = AttentionMechanism(modifiers: [shaw], scope: .causal)
            let memory = try mechanism.remember(keys: inputs[1], values: inputs[2], lengths: [5, 2])
            return try mechanism.attend(inputs[0], memory, positions: .from(1))
        }
    }

    /// Every pair by itself: keys and values with their relative vectors added.
    @Test func isItsDefinition() throws {
        let (keys, values) = (random([1, 1, 4, 3], 2), random([1, 1, 4, 2], 3))
        let shaw = ShawModifier(relativeKey: random([3, 3], 4), relativeValue: random([3, 2], 5), clip: 1)
        let mechanism = AttentionMechanism(modifiers: [shaw])
        let query = random([1, 1, 4, 3], 1)
        let context = try mechanism.attend(query, try mechanism.remember(keys: keys, values: values))
        for i in 0..<4 {
            let places = (0..<4).map { min(max($0 - i, -1), 1) + 1 }
            let shiftedKeys = keys + (try shaw.relativeKey.rows(places, shape: [4]))
            let shiftedValues = values + (try shaw.relativeValue.rows(places, shape: [4]))
            let plain = AttentionMechanism()
            let alone = try plain.attend(
                query.sliced(axis: 2, i..<i + 1), plain.remember(keys: shiftedKeys, values: shiftedValues))
            expectClose(try context.sliced(axis: 2, i..<i + 1), alone)
        }
    }

    @Test func refusals() throws {
        let (keys, values) = (random([1, 1, 4, 3], 2), random([1, 1, 4, 2], 3))
        for (clip, key, value) in [
            (1, [3, 2], [3, 2]), (1, [3, 3], [3, 3]), (2, [3, 3], [3, 2]), (-1, [0, 3], [0, 2]),
        ] {
            let shaw = ShawModifier(relativeKey: .zeros(Shape(key)), relativeValue: .zeros(Shape(value)), clip: clip)
            let mechanism = AttentionMechanism(modifiers: [shaw])
            #expect(throws: ShapeError.self) {
                try mechanism.attend(random([1, 1, 4, 3], 1), mechanism.remember(keys: keys, values: values))
            }
        }
    }
}
