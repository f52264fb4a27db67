import AttentionFiles
import AttentionTensors
import Synchronization
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -2...2, key: RandomKey(seed: seed))
}

@Suite struct ParameterTests {
    /// Products with numbers as they are stored are those with the same numbers as float32, bit for bit.
    @Test(arguments: Precision.allCases, Parameter.Format.allCases)
    func productsWithStoredNumbers(_ precision: Precision, _ format: Parameter.Format) throws {
        let stored = Parameter(random([150, 70], 1)).stored(as: format)
        let (wide, bias) = (Parameter(stored.tensor), Parameter(random([150], 2)).stored(as: format))
        #expect(stored.format == format && wide.format == .float32)
        for rows in [1, 3, 40] {
            let (x, residual) = (random([rows, 70], 3), random([rows, 150], 4))
            try withPrecision(precision) {
                let found = try linear(x, weight: stored, bias: bias, activation: .relu, residual: residual)
                let expected = try linear(x, weight: wide, bias: bias, activation: .relu, residual: residual)
                #expect(found.values == expected.values, "\(rows) rows")
                let targets = (0..<rows).map { $0 % 7 == 6 ? nil : $0 * 3 }
                let losses = try [stored, wide].map {
                    try linearCrossEntropy(x, weight: $0, bias: bias, targets: targets, smoothing: 0.1).scalar
                }
                #expect(losses[0] == losses[1])
            }
        }
    }

    @Test(arguments: Parameter.Format.allCases)
    func roundingIsWithinItsPromise(_ format: Parameter.Format) throws {
        let numbers = random([9, 33], 5)
        let stored = Parameter(numbers, role: .frozen).stored(as: format)
        #expect(stored.role == .frozen)
        let errors: [Parameter.Format: Float] = [.bfloat16: 0x1p-8, .float16: 0x1p-11]
        let relative = errors[format] ?? 0
        for row in 0..<9 {
            let largest = try numbers.at(row).values.map(abs).max() ?? 0
            let absolute = format == .int8 ? largest / 254 * 1.0001 : 0
            for (found, expected) in zip(try stored.tensor.at(row).values, try numbers.at(row).values) {
                #expect(abs(found - expected) <= relative * abs(expected) + absolute)
            }
        }
        let bytes: [Parameter.Format: Int] = [.float32: 1188, .bfloat16: 594, .float16: 594, .int8: 333]
        #expect(stored.byteCount == bytes[format])
        #expect(stored.stored(as: format).tensor.values == stored.tensor.values)
    }

    /// Numbers that int8 cannot hold become 0 rather than a trap, and vectors stay float32.
    @Test func int8HasLimits() throws {
        let numbers = try Tensor([.nan, 1, .infinity, -2, 0, 0], shape: [3, 2])
        #expect(Parameter(numbers).stored(as: .int8).tensor.values.suffix(2) == [0, 0])
        #expect(Parameter(random([5], 1)).stored(as: .int8).format == .float32)
    }

    @Test(arguments: Parameter.Format.allCases)
    func rowsAreThoseOfTheTensor(_ format: Parameter.Format) throws {
        let table = Parameter(random([11, 6], 6)).stored(as: format)
        let ids = [3, 0, 10, 3]
        let rows = try table.rows(ids, shape: [2, 2])
        #expect(try rows.values == table.tensor.rows(ids, shape: [2, 2]).values && rows.shape == [2, 2, 6])
        #expect(throws: ShapeError("rows", expected: "indices of rows, below 11", found: "11")) {
            try table.rows([11], shape: [1])
        }
        #expect(throws: ShapeError("rows", expected: "a matrix and 2 indices", found: "[11, 6] and 1")) {
            try table.rows([1], shape: [2])
        }
    }

    /// A matrix used both ways, as a tied embedding is, is laid out once for each way and precision, for all copies of the parameter.
    @Test func formsAreSharedByCopiesAndKept() throws {
        let weight = Parameter(random([64, 64], 7)).stored(as: .bfloat16)
        let copy = weight
        #expect(weight.packedByteCount == 0)
        let x = random([20, 64], 8)
        _ = try linear(x, weight: weight)
        let once = weight.packedByteCount
        #expect(once > 0)
        for _ in 0..<3 { _ = try linear(x, weight: copy) }
        #expect(weight.packedByteCount == once)
        _ = try withPrecision(.int8) { try linear(x, weight: copy) }
        let twice = weight.packedByteCount
        #expect(twice > once)
        let leaf = x.tracked()
        _ = try linear(leaf, weight: weight).gradients(upstream: x)
        #expect(weight.packedByteCount > twice)
        #expect(weight.packedByteCount == copy.packedByteCount)
    }

    /// However many threads ask at once, a form is made once.
    @Test func formsAreMadeOnce() throws {
        for format in Parameter.Format.allCases {
            let weight = Parameter(random([96, 80], 9)).stored(as: format)
            let x = random([20, 80], 10)
            let expected = try linear(x, weight: Parameter(weight.tensor)).values
            let wrong = Atomic<Int>(0)
            for _ in 0..<4 {
                Parallel.forEach(16) { _ in
                    let found = Result { try linear(x, weight: weight).values }
                    if (try? found.get()) != expected { wrong.wrappingAdd(1, ordering: .relaxed) }
                }
            }
            #expect(wrong.load(ordering: .relaxed) == 0)
            let other = Parameter(weight.tensor)
            _ = try linear(x, weight: other)
            #expect(weight.packedByteCount == other.packedByteCount)
        }
    }

    /// Writing makes a new value: what it was is kept by whoever holds it, and products follow.
    @Test(arguments: Parameter.Format.allCases)
    func writingBeginsAnew(_ format: Parameter.Format) throws {
        let before = Parameter(random([32, 48], 11), role: .buffer).stored(as: format)
        let x = random([20, 48], 12)
        let product = try linear(x, weight: before).values
        var after = before
        after.withMutableElements { elements in
            for index in 0..<32 * 48 { elements[index] *= 2 }
        }
        #expect(after.format == .float32 && after.owner == .memory && after.role == .buffer)
        #expect(try linear(x, weight: after).values == product.map { 2 * $0 })
        #expect(try linear(x, weight: before).values == product)
    }

    @Test func gradientsFlowToWhatIsTrained() throws {
        let x = random([6, 5], 13).tracked()
        let upstream = random([6, 4], 14)
        let weight = Parameter(random([4, 5], 15))
        let expected = try linear(x, weight: weight.tracked()).gradients(upstream: upstream)
        for role in Parameter.Role.allCases {
            var other = weight
            other.role = role
            let tracked = other.tracked()
            let gradients = try linear(x, weight: tracked).gradients(upstream: upstream)
            #expect(tracked.isTracked == (role == .trained))
            #expect((gradients[tracked] == nil) == (role != .trained))
            #expect(try #require(gradients[x]).values == #require(expected[x]).values)
        }
    }

    /// A parameter stored in 16 bits is trained in 32.
    @Test func trackingWidens() throws {
        let weight = Parameter(random([4, 5], 16)).stored(as: .bfloat16)
        let tracked = weight.tracked()
        #expect(tracked.format == .float32 && tracked.tensor.values == weight.tensor.values)
        #expect(tracked.detached().isTracked == false)
    }

    @Test func descriptionsHaveNoNumbers() {
        let weight = Parameter(random([4, 5], 17), role: .frozen)
        #expect("\(weight)" == "Parameter([4, 5] float32, frozen)")
        #expect("\(weight.stored(as: .int8))" == "Parameter([4, 5] int8, frozen)")
    }
}
