import AttentionMechanisms
import AttentionTensors
import Testing

/// What was prepared beside longer sources is by itself as if it had been prepared alone.
@Suite struct PartedMemoryTests {
    private static let lengths = [7, 3, 5, 2]

    private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
        .uniform(shape, in: -1.5...1.5, key: RandomKey(seed: seed))
    }

    /// Four sources of two heads, up to seven keys long, and of the second and third the first five.
    private func memories(
        _ mechanism: AttentionMechanism
    ) throws -> (together: Memory, alone: Memory) {
        let (keys, values) = (random([4, 2, 7, 4], 1), random([4, 2, 7, 3], 2))
        func own(_ x: Tensor) throws -> Tensor { try x.sliced(axis: 0, 1..<3).sliced(axis: 2, 0..<5) }
        return (
            try mechanism.remember(keys: keys, values: values, lengths: Self.lengths),
            try mechanism.remember(keys: own(keys), values: own(values), lengths: Array(Self.lengths[1..<3]))
        )
    }

    @Test(arguments: [Precision.exact, .float32]) func aPartIsAsItWouldBeAlone(_ precision: Precision) throws {
        try withPrecision(precision) {
            let mechanism = AttentionMechanism()
            let (together, alone) = try memories(mechanism)
            let part = try together.parted(1..<3, keyCount: 5)
            #expect(part.keyShape == [2, 2, 5, 4] && part.valueShape == [2, 2, 5, 3])
            #expect(part.lengths == [3, 5])
            #expect(part.keys.values == alone.keys.values && part.values.values == alone.values.values)
            let queries = random([2, 2, 1, 4], 3)
            #expect(try mechanism.attend(queries, part).values == mechanism.attend(queries, alone).values)
            #expect(
                try mechanism.align(queries, part).weights.values == mechanism.align(queries, alone).weights.values)
        }
    }

    @Test func whatNobodySeesStaysUnseen() throws {
        let mechanism = AttentionMechanism()
        let (together, alone) = try memories(mechanism)
        let isShown = (0..<28).map { $0 % 3 != 1 }
        let part = try together.restricted(to: try Mask(isShown, shape: [4, 7])).parted(1..<3, keyCount: 5)
        let own = try alone.restricted(to: try Mask(Array(isShown[7..<12] + isShown[14..<19]), shape: [2, 5]))
        let queries = random([2, 2, 1, 4], 4)
        #expect(try mechanism.attend(queries, part).values == mechanism.attend(queries, own).values)
    }

    @Test func whatThereIsNotIsRefused() throws {
        let (together, _) = try memories(AttentionMechanism())
        #expect(throws: ShapeError.self) { try together.parted(3..<5, keyCount: 5) }
        #expect(throws: ShapeError.self) { try together.parted(0..<1, keyCount: 8) }
        #expect(throws: ShapeError.self) { try together.selecting([1]).parted(0..<1, keyCount: 5) }
        #expect(throws: ShapeError.self) { try Memory(KeyValueCache(rowCount: 2)).parted(0..<1, keyCount: 0) }
    }
}
