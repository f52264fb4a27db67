public import AttentionTensors
internal import Glibc

/// Tells the places of a picture apart: half of the features by the row, half by the column, each counted from 1 through what is real and divided
/// by how many there are (Parmar et al. 2018, *Image Transformer*, as Carion et al. 2020 have it):
///
///     p = 2π · count / (last count + 10⁻⁶),  PE[2i] = sin(p / 10000^(4i/M)), PE[2i + 1] = cos(the same)
public struct SinePositions2D: Sendable, Hashable {
    /// M, a multiple of 4.
    public let size: Int

    /// Positions for vectors of this size.
    public init(size: Int) { self.size = size }

    /// [B, h · w, M] for the places of B grids that are real, row by row; rows first.
    /// - Throws: `ShapeError` unless the size is a multiple of 4, and there is an entry for each place.
    public func callAsFunction(
        present: [Bool], rowCount: Int, height: Int, width: Int
    ) throws(ShapeError) -> Tensor {
        guard size > 0, size % 4 == 0, present.count == rowCount * height * width else {
            throw ShapeError(
                "SinePositions2D",
                expected: "a size that is a multiple of 4, and \(rowCount) · \(height) · \(width) places",
                found: "\(size) and \(present.count)")
        }
        let half = size / 2
        let scales = (0..<half).map { pow(10_000, Double($0 / 2 * 2) / Double(half)) }
        return Tensor(shape: [rowCount, height * width, size]) { out in
            for row in 0..<rowCount {
                let grid = Counts(Array(present[row * height * width..<(row + 1) * height * width]), height, width)
                for place in 0..<height * width {
                    let start = out + (row * height * width + place) * size
                    for (offset, angle) in [(0, grid.rows[place]), (half, grid.columns[place])] {
                        for feature in 0..<half {
                            let turn = angle / scales[feature]
                            start[offset + feature] = Float(feature % 2 == 0 ? sin(turn) : cos(turn))
                        }
                    }
                }
            }
        }
    }

    /// Where each place stands, as an angle.
    private struct Counts {
        let rows: [Double]
        let columns: [Double]

        init(_ present: [Bool], _ height: Int, _ width: Int) {
            var rows = present.map { $0 ? 1.0 : 0 }
            var columns = rows
            for y in 1..<max(height, 1) { for x in 0..<width { rows[y * width + x] += rows[(y - 1) * width + x] } }
            for y in 0..<height { for x in 1..<max(width, 1) { columns[y * width + x] += columns[y * width + x - 1] } }
            func angle(_ count: Double, _ last: Double) -> Double { count / (last + 1e-6) * 2 * .pi }
            self.rows = rows.indices.map { angle(rows[$0], rows[(height - 1) * width + $0 % width]) }
            self.columns = columns.indices.map { angle(columns[$0], columns[$0 / width * width + width - 1]) }
        }
    }
}
