/// The path of least cost through a matrix from its first element to its last, which goes down, to the right or both in each step (Sakoe & Chiba
/// 1978). Where two ways cost the same, it goes to the right.
///
/// - Complexity: O(rows × columns).
package struct DynamicTimeWarping: Sendable, Hashable {
    /// The column in which the path comes to each row.
    package let columns: [Int]

    /// The path through finite costs [rows, columns], row by row; neither count is 0.
    package init(_ costs: [Float], rowCount: Int, columnCount: Int) {
        precondition(rowCount > 0 && columnCount > 0 && costs.count == rowCount * columnCount)
        let width = columnCount + 1
        var sums = [Float](repeating: .infinity, count: (rowCount + 1) * width)
        var steps = [Step](repeating: .right, count: sums.count)
        sums[0] = 0
        for row in 1...rowCount {
            for column in 1...columnCount {
                let place = row * width + column
                let (both, down, right) = (sums[place - width - 1], sums[place - width], sums[place - 1])
                let step: Step = both < down && both < right ? .both : down < both && down < right ? .down : .right
                let before =
                    switch step {
                    case .both: both
                    case .down: down
                    case .right: right
                    }
                sums[place] = before + costs[(row - 1) * columnCount + column - 1]
                steps[place] = step
            }
        }
        var (row, column) = (rowCount, columnCount)
        var columns = [Int](repeating: 0, count: rowCount)
        while row > 0 {
            columns[row - 1] = column - 1
            switch steps[row * width + column] {
            case .both: (row, column) = (row - 1, column - 1)
            case .down: row -= 1
            case .right: column -= 1
            }
        }
        self.columns = columns
    }

    private enum Step { case both, down, right }
}
