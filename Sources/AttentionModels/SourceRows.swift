/// Which source each row of a decoder looks at, by numbers that mean nothing else.
struct SourceRows: Sendable, Hashable {
    private var numbers: [Int]

    /// Each row has a source of its own.
    init(count: Int) { numbers = Array(0..<count) }

    private init(_ numbers: [Int]) { self.numbers = numbers }

    var count: Int { numbers.count }

    /// The sources of these rows, in this order.
    func selecting(_ rows: [Int]) -> SourceRows { SourceRows(rows.map { numbers[$0] }) }

    /// The sources of all these rows; no two lists have one in common.
    static func joining(_ lists: [SourceRows]) -> SourceRows {
        var (joined, count): ([Int], Int) = ([], 0)
        for list in lists {
            var names: [Int: Int] = [:]
            for number in list.numbers {
                if names[number] == nil { (names[number], count) = (count, count + 1) }
                joined.append(names[number] ?? count)
            }
        }
        return SourceRows(joined)
    }
}
