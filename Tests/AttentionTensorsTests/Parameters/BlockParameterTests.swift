import AttentionFiles
import AttentionTensors
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -2...2, key: RandomKey(seed: seed))
}

/// Fixtures: scripts/make-gguf-fixtures.py, by the gguf package.
private func fixture() throws -> SafetensorsFile {
    let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return try SafetensorsFile(path: "/\(tests)/Fixtures/Blocks/blocks.safetensors")
}

/// Blocks of the fixture as a parameter, by the way of a file.
private func parameter(_ format: BlockFormat) throws -> Parameter {
    let bytes = try fixture().integers(named: format.rawValue).map { UInt8($0) }
    let entry = try Safetensors.Entry("w", bytes, shape: [3, bytes.count / 3])
    let file = try SafetensorsFile(
        try Safetensors.encoded([entry], metadata: ["w": format.rawValue]), source: "memory")
    return try file.parameter(named: "w")
}

@Suite struct BlockParameterTests {
    /// What blocks stand for is what the reference makes of them, bit for bit.
    @Test(arguments: BlockFormat.allCases)
    func numbersAreTheReferences(_ format: BlockFormat) throws {
        let found = try parameter(format)
        #expect(found.shape == [3, 512] && found.format == .blocks(format))
        let expected = try fixture().tensor(named: format.rawValue + ".numbers")
        #expect(found.tensor.values.map(\.bitPattern) == expected.values.map(\.bitPattern))
        #expect(found.byteCount == 3 * 512 / format.numberCount * format.byteCount)
    }

    /// Numbers become the blocks that the reference makes of them, byte for byte.
    @Test(arguments: BlockFormat.allCases.filter(\.isMade))
    func roundingIsTheReferences(_ format: BlockFormat) throws {
        let made = Parameter(try fixture().tensor(named: "rows")).stored(as: .blocks(format))
        let file = try SafetensorsFile(try Safetensors.encoded(Whole(weight: made).entries()), source: "memory")
        #expect(
            try file.integers(named: "weight") == fixture().integers(named: "rows." + format.rawValue))
        // What is made of a matrix is read again as it is.
        #expect(try file.parameter(named: "weight").tensor.values == made.tensor.values)
        #expect(try file.parameter(named: "weight").shape == [4, 64])
    }

    @Test func whatHoldsNoNumbersHasZeros() throws {
        let numbers = try Tensor(
            [Float](repeating: 0, count: 32) + [.nan] + [Float](repeating: 1, count: 31), shape: [1, 64])
        for format in BlockFormat.allCases where format.isMade {
            let stored = Parameter(numbers).stored(as: .blocks(format)).tensor.values
            #expect(stored.prefix(33).allSatisfy { $0 == 0 } && stored[33].isFinite)
        }
    }

    /// Matrices whose rows are not whole blocks, vectors, and formats that are only read stay float32.
    @Test func whatDoesNotFitStaysAsItIs() {
        #expect(Parameter(random([3, 40], 1)).stored(as: .blocks(.q80)).format == .float32)
        #expect(Parameter(random([64], 1)).stored(as: .blocks(.q40)).format == .float32)
        #expect(Parameter(random([3, 256], 1)).stored(as: .blocks(.q4K)).format == .float32)
    }

    /// Few rows and many, in all precisions: the product with what the blocks stand for, by brute force in double.
    @Test(arguments: BlockFormat.allCases, Precision.allCases)
    func productsAreThoseOfTheNumbers(_ format: BlockFormat, _ precision: Precision) throws {
        let weight = try parameter(format)
        let (bias, numbers) = (random([3], 2), weight.tensor)
        for rows in [1, 2, 3, 7, 8, 9, 40] {
            let (x, residual) = (random([rows, 512], UInt64(rows)), random([rows, 3], 4))
            let found = try withPrecision(precision) {
                try linear(x, weight: weight, bias: Parameter(bias), activation: .relu, residual: residual)
            }
            for row in 0..<rows {
                for column in 0..<3 {
                    var (sum, magnitude) = (Double(bias[column]), 0.0)
                    for d in 0..<512 {
                        let product = Double(x[row, d]) * Double(numbers[column, d])
                        (sum, magnitude) = (sum + product, magnitude + abs(product))
                    }
                    let expected = max(0, sum) + Double(residual[row, column])
                    // Few rows are computed at float32 in any precision.
                    let share =
                        switch precision {
                        case .exact, .float32: 1e-6
                        case .bfloat16: rows <= 8 ? 1e-6 : 4e-3
                        case .int8: rows <= 8 ? 1e-6 : 1e-2
                        }
                    #expect(
                        abs(Double(found[row, column]) - expected) <= share * magnitude + 1e-6,
                        "\(rows) rows at [\(row), \(column)]")
                }
            }
        }
    }

    /// Sizes around the blocks of columns and rows; nothing is laid out for good.
    @Test(arguments: BlockFormat.allCases.filter(\.isMade))
    func oddSizes(_ format: BlockFormat) throws {
        for (outputs, inputs) in [(1, 32), (63, 32), (65, 96), (130, 64), (257, 160)] {
            let weight = Parameter(random([outputs, inputs], 5)).stored(as: .blocks(format))
            let wide = Parameter(weight.tensor)
            for rows in [1, 5, 8, 9, 33] {
                let x = random([rows, inputs], 6)
                let (found, expected) = (try linear(x, weight: weight), try linear(x, weight: wide))
                for (a, b) in zip(found.values, expected.values) { #expect(abs(a - b) <= 2e-5 * (1 + abs(b))) }
            }
            #expect(weight.packedByteCount == 0)
        }
    }

    /// A row has the same numbers whatever rows stand beside it, and however many threads compute them.
    @Test func rowsAreIndependent() throws {
        let weight = Parameter(random([200, 256], 7)).stored(as: .blocks(.q40))
        let x = random([8, 256], 8)
        try withPrecision(.exact) {
            let together = try linear(x, weight: weight).values
            for row in 0..<8 {
                let alone = try linear(x.sliced(axis: 0, row..<row + 1), weight: weight).values
                #expect(alone == Array(together[row * 200..<(row + 1) * 200]))
            }
            let many = random([50, 256], 9)
            let expected = try linear(many, weight: weight).values
            // From inside a parallel loop one thread computes alone.
            Parallel.forEach(4) { _ in
                let found = Result { try linear(many, weight: weight).values }
                #expect((try? found.get()) == expected)
            }
        }
    }

    /// Views: some rows, some columns, transposed, chosen rows; and gradients of what weights in blocks are applied to.
    @Test(arguments: BlockFormat.allCases.filter(\.isMade))
    func views(_ format: BlockFormat) throws {
        let weight = Parameter(random([24, 96], 10)).stored(as: .blocks(format))
        let wide = Parameter(weight.tensor)
        func expectAlike(_ x: Parameter, _ y: Parameter) throws {
            #expect(x.tensor.values == y.tensor.values)
            for rows in [3, 20] {
                let a = random([rows, x.shape[1]], 11)
                let (found, expected) = (try linear(a, weight: x).values, try linear(a, weight: y).values)
                #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-4 })
            }
        }
        try expectAlike(weight.sliced(axis: 0, 5..<17), wide.sliced(axis: 0, 5..<17))
        try expectAlike(weight.sliced(axis: 1, 32..<96), wide.sliced(axis: 1, 32..<96))
        try expectAlike(weight.sliced(axis: 1, 7..<50), wide.sliced(axis: 1, 7..<50))
        try expectAlike(weight.transposed(), wide.transposed())
        try expectAlike(weight.selecting([3, 23, 0, 3]), wide.selecting([3, 23, 0, 3]))
        #expect(try weight.selecting([3, 23]).format == .blocks(format))
        #expect(try weight.rows([1, 20], shape: [2]).values == wide.rows([1, 20], shape: [2]).values)
        for rows in [2, 30] {
            let (x, upstream) = (random([rows, 96], 12).tracked(), random([rows, 24], 13))
            let gradients = try [weight, wide].map {
                try #require(linear(x, weight: $0).gradients(upstream: upstream)[x]).values
            }
            #expect(zip(gradients[0], gradients[1]).allSatisfy { abs($0 - $1) <= 1e-4 })
        }
    }

    /// A scale that is infinite makes its block so, and is found.
    @Test func infiniteScalesAreFound() throws {
        var bytes = try fixture().integers(named: "q8_0").map { UInt8($0) }
        (bytes[34 * 20], bytes[34 * 20 + 1]) = (0, 0x7C)
        let entry = try Safetensors.Entry("w", bytes, shape: [3, bytes.count / 3])
        let file = try SafetensorsFile(try Safetensors.encoded([entry], metadata: ["w": "q8_0"]), source: "memory")
        #expect(try file.parameter(named: "w").firstNonFinite()?.index == [1, 128])
        #expect(try parameter(.q80).firstNonFinite() == nil)
    }

    @Test(arguments: [
        ("q9_9", "expected blocks of q4_0, q4_1, q5_0, q5_1, q8_0, q4_k, q5_k, q6_k as w in memory, found q9_9"),
        ("q4_k", "expected rows of whole blocks of 144 bytes, as q4_k has them as w in memory, found [2, 34]"),
    ])
    func filesOfOtherBlocksAreRefused(_ name: String, _ sentence: String) throws {
        let entry = try Safetensors.Entry("w", [UInt8](repeating: 0, count: 68), shape: [2, 34])
        let file = try SafetensorsFile(try Safetensors.encoded([entry], metadata: ["w": name]), source: "memory")
        let error = #expect(throws: SafetensorsError.self) { try file.parameter(named: "w") }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
}

private struct Whole: Module {
    var weight: Parameter

    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
    }
}
