public import AttentionTensors

/// Which column each row is given so that the costs of all pairs together are least, each row and column in one pair at most; of a matrix with
/// more rows than columns some rows have none (Kuhn 1955, *The Hungarian Method for the Assignment Problem*, by shortest augmenting paths: Crouse
/// 2016, *On implementing 2D rectangular assignment algorithms*).
///
/// - Parameter costs: rows of equal length.
/// - Returns: the column of each row; nil for none.
/// - Throws: `ShapeError` if rows have several lengths, or a cost is no number.
/// - Complexity: O(n² m) for n ≤ m.
public func minimalAssignment(_ costs: [[Double]]) throws(ShapeError) -> [Int?] {
    let columnCount = costs.first?.count ?? 0
    guard costs.allSatisfy({ $0.count == columnCount }) else {
        throw ShapeError(
            "minimalAssignment", expected: "rows of \(columnCount) costs", found: "\(costs.map(\.count))")
    }
    if let bad = costs.joined().first(where: { !$0.isFinite }) {
        throw ShapeError("minimalAssignment", expected: "costs that are numbers", found: "\(bad)")
    }
    guard costs.count > columnCount else { return AssignmentSearch(costs, columnCount: columnCount).columns() }
    let turned = (0..<columnCount).map { column in costs.map { $0[column] } }
    var rows = [Int?](repeating: nil, count: costs.count)
    for (column, row) in AssignmentSearch(turned, columnCount: costs.count).columns().enumerated() {
        if let row { rows[row] = column }
    }
    return rows
}

/// The search in a matrix with at most as many rows as columns.
private struct AssignmentSearch {
    private let costs: [[Double]]
    private let columnCount: Int
    /// What is taken off the costs of rows and columns; no cost is below 0 then.
    private var rowPrices: [Double]
    private var columnPrices: [Double]
    private var rowOfColumn: [Int?]

    init(_ costs: [[Double]], columnCount: Int) {
        (self.costs, self.columnCount) = (costs, columnCount)
        rowPrices = [Double](repeating: 0, count: costs.count)
        columnPrices = [Double](repeating: 0, count: columnCount)
        rowOfColumn = [Int?](repeating: nil, count: columnCount)
    }

    consuming func columns() -> [Int?] {
        for row in costs.indices { place(row) }
        var columns = [Int?](repeating: nil, count: costs.count)
        for (column, row) in rowOfColumn.enumerated() { if let row { columns[row] = column } }
        return columns
    }

    /// Gives a row a column, by the cheapest chain of rows that change theirs.
    private mutating func place(_ start: Int) {
        var distances = [Double](repeating: .infinity, count: columnCount)
        var previous = [Int](repeating: start, count: columnCount)
        var reached: [Int] = []
        var isReached = [Bool](repeating: false, count: columnCount)
        var (row, distance) = (start, 0.0)
        while true {
            for column in 0..<columnCount where !isReached[column] {
                let way = distance + costs[row][column] - rowPrices[row] - columnPrices[column]
                if way < distances[column] { (distances[column], previous[column]) = (way, row) }
            }
            let open = (0..<columnCount).filter { !isReached[$0] }
            // Of columns that are as near, one that is free ends the search.
            guard
                let nearest = open.min(by: {
                    (distances[$0], rowOfColumn[$0] == nil ? 0 : 1) < (distances[$1], rowOfColumn[$1] == nil ? 0 : 1)
                })
            else { return }
            distance = distances[nearest]
            guard let next = rowOfColumn[nearest] else {
                for column in reached {
                    if let owner = rowOfColumn[column] { rowPrices[owner] += distance - distances[column] }
                    columnPrices[column] -= distance - distances[column]
                }
                rowPrices[start] += distance
                change(upTo: nearest, from: start, previous)
                return
            }
            isReached[nearest] = true
            reached.append(nearest)
            row = next
        }
    }

    /// Each row of the chain takes the column that it was reached for.
    private mutating func change(upTo last: Int, from start: Int, _ previous: [Int]) {
        var column = last
        while true {
            let row = previous[column]
            let old = rowOfColumn.firstIndex { $0 == row }
            rowOfColumn[column] = row
            guard row != start, let old else { return }
            column = old
        }
    }
}
