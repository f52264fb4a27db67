import AttentionFiles
import AttentionTensors
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -2...2, key: RandomKey(seed: seed))
}

/// No sequence of views of one block of numbers changes a product with any of them.
@Suite struct ParameterViewTests {
    /// The values a view should have, computed on a row-major array; each step makes another matrix of the one before.
    private struct Matrix {
        var rows: Int
        var columns: Int
        var values: [Float]

        mutating func transpose() {
            values = (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
            swap(&rows, &columns)
        }

        mutating func reshape(rows newRows: Int) { (rows, columns) = (newRows, values.count / newRows) }

        mutating func slice(axis: Int, _ range: Range<Int>) {
            let (wantedRows, wantedColumns) = (axis == 0 ? range : 0..<rows, axis == 1 ? range : 0..<columns)
            values = wantedRows.flatMap { row in wantedColumns.map { values[row * columns + $0] } }
            (rows, columns) = (wantedRows.count, wantedColumns.count)
        }
    }

    /// Applies the same random step to the array and the view.
    private func step(
        _ matrix: inout Matrix, using generator: inout RandomGenerator, transpose: () -> Void,
        reshape: ([Int]) throws -> Void, slice: (Int, Range<Int>) throws -> Void
    ) throws {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0:
            matrix.transpose()
            transpose()
        case 1:
            let rows = (1...matrix.values.count).filter { matrix.values.count % $0 == 0 }.randomElement(
                using: &generator)
            matrix.reshape(rows: rows ?? 1)
            try reshape([matrix.rows, matrix.columns])
        default:
            let axis = Int.random(in: 0..<2, using: &generator)
            let size = axis == 0 ? matrix.rows : matrix.columns
            guard size > 3 else { return }
            let start = Int.random(in: 0..<size / 3, using: &generator)
            let range = start..<Int.random(in: start + size / 3...size, using: &generator)
            matrix.slice(axis: axis, range)
            try slice(axis, range)
        }
    }

    /// Whether sums of so many products of numbers up to 2 differ by rounding alone: kernels add them up in an order that depends on how
    /// the operand lies, so the measure is Σ |a b|, at most 4 for each product, not the sum, which may cancel.
    private func areAlike(_ found: [Float], _ expected: [Float], depth: Int) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= 4 * Float(depth) * 5e-7 }
    }

    /// What a weight of its own gives, that shares nothing with anyone.
    private func expectProducts(
        of weight: Parameter, _ matrix: Matrix, _ precision: Precision, _ generator: inout RandomGenerator,
        _ comment: Comment
    ) throws {
        let rows = [1, 3, 20].randomElement(using: &generator) ?? 1
        let x = random([rows, matrix.columns], generator.next())
        let own = Parameter(try Tensor(matrix.values, shape: [matrix.rows, matrix.columns]))
        #expect(weight.shape == own.shape && weight.tensor.values == matrix.values, comment)
        try withPrecision(precision) {
            let expected = try linear(x, weight: own).values
            for _ in 0..<2 {
                let found = try linear(x, weight: weight).values
                #expect(areAlike(found, expected, depth: matrix.columns), comment)
            }
            let upstream = random([rows, matrix.rows], generator.next())
            let gradients = try [weight, own].map { weight in
                let leaf = x.tracked()
                let product = try linear(leaf, weight: weight)
                return try #require(product.gradients(upstream: upstream)[leaf]).values
            }
            #expect(areAlike(gradients[0], gradients[1], depth: matrix.rows), comment)
        }
    }

    @Test(arguments: Precision.allCases, Parameter.Format.allCases)
    func viewsOfParameters(_ precision: Precision, _ format: Parameter.Format) throws {
        var generator = RandomKey(seed: 17).generator()
        for sequence in 0..<8 {
            var weight = Parameter(random([24, 40], UInt64(sequence))).stored(as: format)
            var matrix = Matrix(rows: 24, columns: 40, values: weight.tensor.values)
            for index in 0..<8 {
                try expectProducts(
                    of: weight, matrix, precision, &generator, "\(format), sequence \(sequence), \(index)")
                try step(
                    &matrix, using: &generator, transpose: { weight = weight.transposed() },
                    reshape: { weight = try weight.reshaped(to: $0) },
                    slice: { weight = try weight.sliced(axis: $0, $1) })
            }
        }
    }

    /// Views of the tensor below a parameter, and parameters made of them.
    @Test(arguments: Precision.allCases)
    func viewsOfTensors(_ precision: Precision) throws {
        var generator = RandomKey(seed: 18).generator()
        for sequence in 0..<8 {
            var tensor = random([24, 40], UInt64(sequence))
            var matrix = Matrix(rows: 24, columns: 40, values: tensor.values)
            for index in 0..<8 {
                let comment: Comment = "sequence \(sequence), \(index)"
                try expectProducts(of: Parameter(tensor), matrix, precision, &generator, comment)
                let x = random([12, matrix.columns], generator.next())
                let own = try Tensor(matrix.values, shape: [matrix.rows, matrix.columns])
                try withPrecision(precision) {
                    let (found, expected) = (try linear(x, weight: tensor), try linear(x, weight: own))
                    #expect(
                        areAlike(found.values, expected.values, depth: matrix.columns), comment)
                }
                try step(
                    &matrix, using: &generator, transpose: { tensor = tensor.transposed() },
                    reshape: { tensor = try tensor.reshaped(to: $0) },
                    slice: { tensor = try tensor.sliced(axis: $0, $1) })
            }
        }
    }

    @Test func viewsThatDoNotFitAreToldApart() {
        for format in Parameter.Format.allCases {
            let weight = Parameter(random([4, 6], 1)).stored(as: format)
            #expect(throws: ShapeError("reshaped", expected: "a shape of 24 elements, as [4, 6] has", found: "[5, 5]"))
            {
                try weight.reshaped(to: [5, 5])
            }
            #expect(throws: ShapeError("sliced", expected: "a range within axis 1 of [4, 6]", found: "3..<7")) {
                try weight.sliced(axis: 1, 3..<7)
            }
        }
    }
}
