/// The scalars in classes, so that those of a class are in the same sets of a pattern: an automaton then has one column
/// a class, its symbols, instead of one a scalar.
struct ScalarAlphabet: Sendable {
    /// Scalars below this have a table of their own.
    private static let tableSize: UInt32 = 0x20000

    /// For each symbol and set whether its scalars are in it.
    let memberships: [[Bool]]
    private let table: [UInt8]
    /// The first scalar of each run of one symbol.
    private let starts: [UInt32]
    private let symbols: [UInt8]

    /// The number of symbols.
    var count: Int { memberships.count }

    init(_ sets: [ScalarSet]) throws(RegularExpressionError) {
        let edges = sets.flatMap { $0.ranges.flatMap { [$0.lowerBound, $0.upperBound + 1] } }
        let starts = Set([0] + edges.filter { $0 <= 0x10FFFF }).sorted()
        var memberships: [[Bool]] = []
        var numbers: [[Bool]: UInt8] = [:]
        var symbols: [UInt8] = []
        for start in starts {
            let membership = sets.map { $0.contains(start) }
            if let number = numbers[membership] {
                symbols.append(number)
                continue
            }
            guard memberships.count < 255 else {
                throw RegularExpressionError(position: 0, reason: "more than 255 kinds of characters")
            }
            symbols.append(UInt8(memberships.count))
            numbers[membership] = UInt8(memberships.count)
            memberships.append(membership)
        }
        var table = [UInt8](repeating: 0, count: Int(Self.tableSize))
        for (index, start) in starts.enumerated() where start < Self.tableSize {
            let end = index + 1 < starts.count ? min(starts[index + 1], Self.tableSize) : Self.tableSize
            for scalar in start..<end { table[Int(scalar)] = symbols[index] }
        }
        (self.starts, self.symbols, self.memberships, self.table) = (starts, symbols, memberships, table)
    }

    /// The scalars of each class.
    var classes: [ScalarSet] {
        var ranges = [[ClosedRange<UInt32>]](repeating: [], count: count)
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] - 1 : 0x10FFFF
            ranges[Int(symbols[index])].append(start...end)
        }
        return ranges.map { ScalarSet($0) }
    }

    /// The class of `scalar`.
    @inline(__always) func symbol(of scalar: Unicode.Scalar) -> Int {
        scalar.value < Self.tableSize ? Int(table[Int(scalar.value)]) : lateSymbol(of: scalar)
    }

    private func lateSymbol(of scalar: Unicode.Scalar) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= scalar.value { low = middle + 1 } else { high = middle }
        }
        return Int(symbols[low - 1])
    }
}
