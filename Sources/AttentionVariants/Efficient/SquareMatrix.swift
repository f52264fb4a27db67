internal import Glibc

/// A small square matrix in double precision, row-major.
struct SquareMatrix {
    let size: Int
    var cells: [Double]

    init(size: Int, cells: [Double]) {
        self.size = size
        self.cells = cells
    }

    init(_ elements: UnsafePointer<Float>, _ size: Int) {
        self.init(size: size, cells: (0..<size * size).map { Double(elements[$0]) })
    }

    subscript(row: Int, column: Int) -> Double {
        get { cells[row * size + column] }
        set { cells[row * size + column] = newValue }
    }

    var transposed: SquareMatrix {
        SquareMatrix(size: size, cells: (0..<size * size).map { self[$0 % size, $0 / size] })
    }

    func scaled(by factor: Double) -> SquareMatrix { SquareMatrix(size: size, cells: cells.map { $0 * factor }) }

    static func + (x: SquareMatrix, y: SquareMatrix) -> SquareMatrix {
        SquareMatrix(size: x.size, cells: zip(x.cells, y.cells).map { $0 + $1 })
    }

    static func - (x: SquareMatrix, y: SquareMatrix) -> SquareMatrix {
        SquareMatrix(size: x.size, cells: zip(x.cells, y.cells).map { $0 - $1 })
    }

    static func * (x: SquareMatrix, y: SquareMatrix) -> SquareMatrix {
        var product = SquareMatrix(size: x.size, cells: [Double](repeating: 0, count: x.cells.count))
        for row in 0..<x.size {
            for inner in 0..<x.size {
                for column in 0..<x.size { product[row, column] += x[row, inner] * y[inner, column] }
            }
        }
        return product
    }

    /// The column with the largest sum, the first of equals.
    var largestColumn: (index: Int, sum: Double) { transposed.largestRow }

    /// The row with the largest sum, the first of equals.
    var largestRow: (index: Int, sum: Double) {
        var best = (index: 0, sum: -Double.infinity)
        for row in 0..<size {
            let sum = cells[row * size..<(row + 1) * size].reduce(0, +)
            if sum > best.sum { best = (row, sum) }
        }
        return best
    }

    /// A⁺ = V Σ⁺ Uᵀ.
    ///
    /// One-sided Jacobi rotations turn the columns of A V orthogonal; they then are those of U Σ (Hestenes 1958).
    func pseudoInverse() -> SquareMatrix {
        var (rows, turns) = (transposed, SquareMatrix.identity(size))  // rows: those of (A V)ᵀ and of Vᵀ
        for _ in 0..<60 where !Self.sweep(&rows, &turns) {}
        let squares = (0..<size).map { row in (0..<size).reduce(0) { $0 + rows[row, $1] * rows[row, $1] } }
        let threshold = Double(size) * Double(Float.ulpOfOne) * (squares.max() ?? 0).squareRoot()
        var inverse = SquareMatrix(size: size, cells: [Double](repeating: 0, count: cells.count))
        for (index, square) in squares.enumerated() where square.squareRoot() > threshold {
            for row in 0..<size {
                let factor = turns[index, row] / square
                for column in 0..<size { inverse[row, column] += factor * rows[index, column] }
            }
        }
        return inverse
    }

    /// Turns every pair of rows once; whether all were orthogonal already.
    private static func sweep(_ rows: inout SquareMatrix, _ turns: inout SquareMatrix) -> Bool {
        var isOrthogonal = true
        for p in 0..<rows.size {
            for q in (p + 1)..<max(rows.size, p + 1) {
                var (pp, qq, pq) = (0.0, 0.0, 0.0)
                for column in 0..<rows.size {
                    pp += rows[p, column] * rows[p, column]
                    qq += rows[q, column] * rows[q, column]
                    pq += rows[p, column] * rows[q, column]
                }
                guard abs(pq) > 1e-15 * (pp * qq).squareRoot(), pq != 0 else { continue }
                isOrthogonal = false
                let ratio = (qq - pp) / (2 * pq)
                let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (1 + ratio * ratio).squareRoot())
                let cosine = 1 / (1 + tangent * tangent).squareRoot()
                rows.turn(p, q, cosine: cosine, sine: cosine * tangent)
                turns.turn(p, q, cosine: cosine, sine: cosine * tangent)
            }
        }
        return isOrthogonal
    }

    private mutating func turn(_ p: Int, _ q: Int, cosine: Double, sine: Double) {
        for column in 0..<size {
            let (x, y) = (self[p, column], self[q, column])
            self[p, column] = cosine * x - sine * y
            self[q, column] = sine * x + cosine * y
        }
    }

    private static func identity(_ size: Int) -> SquareMatrix {
        SquareMatrix(size: size, cells: (0..<size * size).map { $0 % (size + 1) == 0 ? 1 : 0 })
    }
}
