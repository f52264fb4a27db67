import AttentionMechanisms
import AttentionTensors
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64, in range: ClosedRange<Float> = 0.1...0.9) -> Tensor {
    .uniform(shape, in: range, key: RandomKey(seed: seed))
}

private func address(_ parts: [Tensor]) -> MemoryAddressing {
    MemoryAddressing(key: parts[0], strength: parts[1], gate: parts[2], shift: parts[3], sharpness: parts[4])
}

private let parts = [
    random([2, 3], 1, in: -1...1), random([2], 2), random([2], 3), random([2, 3], 4), random([2], 5, in: 1...3),
]

@Suite struct MemoryAddressingTests {
    @Test func gradients() throws {
        let inputs = parts + [random([2, 4, 3], 6, in: -1...1), random([2, 4], 7)]
        try checkGradients(of: inputs) { inputs in
            try address(inputs).read(inputs[5], previous: inputs[6]).output
        }
    }

    @Test func aShutGateWalks() throws {
        let previous = try Tensor([1, 0, 0, 0], shape: [1, 4])
        let walking = MemoryAddressing(
            key: .ones([1, 3]), strength: .ones([1]), gate: .zeros([1]),
            shift: try Tensor([0, 0, 1], shape: [1, 3]), sharpness: .full(2, [1]))
        let found = try walking.read(random([1, 4, 3], 8), previous: previous)
        #expect(found.weights.values == [0, 1, 0, 0])
        let back = MemoryAddressing(
            key: .ones([1, 3]), strength: .ones([1]), gate: .zeros([1]),
            shift: try Tensor([1, 0, 0], shape: [1, 3]), sharpness: .ones([1]))
        #expect(try back.read(random([1, 4, 3], 8), previous: previous).weights.values == [0, 0, 0, 1])
    }

    @Test func degenerateMemories() throws {
        let blank = try address(parts).read(.zeros([2, 4, 3]), previous: .zeros([2, 4]))
        #expect(blank.output.values.allSatisfy { $0 == 0 })
        let leaf = Tensor.zeros([2, 4, 3]).tracked()
        let gradient = try address(parts).read(leaf, previous: random([2, 4], 1)).output.sum().gradients()[leaf]
        #expect(try #require(gradient).values.allSatisfy { $0.isFinite })
        let none = try address(parts).read(.zeros([2, 0, 3]), previous: .zeros([2, 0]))
        #expect(none.output.values == [0, 0, 0, 0, 0, 0])
    }

    @Test func refusals() {
        #expect {
            var even = parts
            even[3] = .ones([2, 2])
            _ = try address(even).read(.zeros([2, 4, 3]), previous: .zeros([2, 4]))
        } throws: {
            "\($0)" == "addressing: expected a shift [2, 2r + 1], found [2, 2]"
        }
        #expect(throws: ShapeError.self) { try address(parts).read(.zeros([2, 4, 2]), previous: .zeros([2, 4])) }
        #expect(throws: ShapeError.self) { try address(parts).read(.zeros([4, 3]), previous: .zeros([2, 4])) }
        #expect(throws: ShapeError.self) { try address(parts).read(.zeros([2, 4, 3]), previous: .zeros([2, 5])) }
    }
}
