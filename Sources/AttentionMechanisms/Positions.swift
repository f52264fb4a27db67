public import AttentionTensors

/// Where the tokens of a batch stand in their sequences: token i of row b at position p_bi.
///
/// ```swift
/// .from(0)                     // every row at 0, 1, 2, …
/// .from([3, 7])                // two rows that go on at 3 and at 7
/// .at([[0, 1, 4], [2, 2, 3]])  // each token where it is said to be
/// ```
///
/// Scopes, modifiers and positional encodings ask nothing else about time, so that rows which stand at different places (prompts of
/// different lengths, a speculation taken back) are each treated as if alone.
public struct Positions: Sendable, Hashable {
    private enum Places: Sendable, Hashable {
        case allFrom(Int)
        case from([Int])
        case at([[Int]])
    }

    private let places: Places

    /// Every row from this position on.
    public static func from(_ first: Int) -> Positions { Positions(places: .allFrom(first)) }

    /// Each row from a position of its own on.
    public static func from(_ firsts: [Int]) -> Positions { Positions(places: .from(firsts)) }

    /// Each token at a position of its own, one list for each row.
    public static func at(_ positions: [[Int]]) -> Positions { Positions(places: .at(positions)) }

    /// The positions of these rows, in this order; a row may be dropped or repeated.
    /// - Throws: `ShapeError` if there is no such row.
    public func selecting(_ rows: [Int]) throws(ShapeError) -> Positions {
        let known: Int
        switch places {
        case .allFrom: return self
        case .from(let firsts): known = firsts.count
        case .at(let lists): known = lists.count
        }
        if let outside = rows.first(where: { !(0..<known).contains($0) }) {
            throw ShapeError("positions", expected: "rows below \(known)", found: "\(outside)")
        }
        return switch places {
        case .allFrom: self
        case .from(let firsts): .from(rows.map { firsts[$0] })
        case .at(let lists): .at(rows.map { lists[$0] })
        }
    }

    /// All positions moved on by so many.
    /// - Throws: `ShapeError` beyond ±2⁴⁰, where arithmetic with positions would leave its range.
    public func advanced(by step: Int) throws(ShapeError) -> Positions {
        func moved(_ position: Int) throws(ShapeError) -> Int {
            let (sum, overflow) = position.addingReportingOverflow(step)
            try require(
                !overflow && Self.reach.contains(sum), "positions", expected: "positions of at most 2⁴⁰",
                found: "\(position) + \(step)")
            return sum
        }
        func moved(_ row: [Int]) throws(ShapeError) -> [Int] {
            var result: [Int] = []
            for position in row { result.append(try moved(position)) }
            return result
        }
        switch places {
        case .allFrom(let first): return .from(try moved(first))
        case .from(let firsts): return .from(try moved(firsts))
        case .at(let lists):
            var result: [[Int]] = []
            for list in lists { result.append(try moved(list)) }
            return .at(result)
        }
    }

    /// Positions that arithmetic stays in range with.
    static let reach = -(1 << 40)...1 << 40

    /// The position of the first token of each row, where the others follow one by one; nil where they do not. One number alone holds for
    /// all rows.
    var firsts: [Int]? {
        switch places {
        case .allFrom(let first): return [first]
        case .from(let firsts):
            return firsts.dropFirst().allSatisfy { $0 == firsts[0] } ? Array(firsts.prefix(1)) : firsts
        case .at(let lists):
            let follow = lists.allSatisfy { list in list.indices.allSatisfy { list[$0] - list[0] == $0 } }
            return follow ? Positions.from(lists.map { $0.first ?? 0 }).firsts : nil
        }
    }

    /// The position of the first token, where that is the same for all rows and the others follow one by one.
    package var shared: Int? { firsts.flatMap { $0.count == 1 ? $0[0] : nil } }

    /// Throws in the name of `operation` unless these can be the positions of so many rows of so many tokens.
    package func check(_ operation: String, rowCount: Int, count: Int) throws(ShapeError) {
        let fits: Bool
        let bounds: [Int]
        switch places {
        case .allFrom(let first): (fits, bounds) = (true, [first])
        case .from(let firsts): (fits, bounds) = (firsts.count == rowCount, firsts)
        case .at(let lists):
            (fits, bounds) = (lists.count == rowCount && lists.allSatisfy { $0.count == count }, lists.flatMap(\.self))
        }
        try require(
            fits, operation, expected: "positions for \(rowCount) rows of \(count) tokens", found: "\(self)")
        if let outside = bounds.first(where: { !Self.reach.contains($0) }) {
            throw ShapeError(operation, expected: "positions of at most 2⁴⁰", found: "\(outside)")
        }
    }

    /// All positions, written out.
    /// - Throws: `ShapeError` in the name of `operation` unless they are for so many rows of so many tokens.
    package func table(_ operation: String, rowCount: Int, count: Int) throws(ShapeError) -> PositionTable {
        try check(operation, rowCount: rowCount, count: count)
        if let first = shared { return PositionTable(rowCount: 1, count: count, values: Array(first..<first + count)) }
        let rows: [[Int]] =
            switch places {
            case .allFrom(let first): [Array(first..<first + count)]
            case .from(let firsts): firsts.map { Array($0..<$0 + count) }
            case .at(let lists): lists
            }
        return PositionTable(rowCount: rows.count, count: count, values: rows.flatMap(\.self))
    }
}

extension Positions: CustomStringConvertible {
    /// As they were written.
    public var description: String {
        switch places {
        case .allFrom(let first): "from \(first)"
        case .from(let firsts): "from \(firsts)"
        case .at(let lists): "at \(lists)"
        }
    }
}

/// The positions of B rows of L tokens, or of one row that stands for all.
package struct PositionTable: Sendable {
    /// B, or 1 if all rows are alike.
    package let rowCount: Int
    /// L.
    package let count: Int
    /// [rowCount, L], row-major.
    package let values: [Int]

    /// The position of token i of a row.
    package subscript(row: Int, index: Int) -> Int { values[(rowCount == 1 ? 0 : row * count) + index] }
}
