/// The parts that attention over a cache is computed in: one for each item, head and page that its queries can see.
struct PageParts {
    /// A page of an item for one head of keys.
    struct Task {
        let item: Int
        let keyHead: Int
        let stretch: Int
    }

    /// What can be seen of each item, page by page.
    let stretches: [[PageStretch]]
    /// All parts of key heads.
    let tasks: [Task]
    /// How many parts there are, over all heads of queries.
    let count: Int
    private let firsts: [Int]
    private let headCount: Int

    /// Parts for so many heads of queries.
    init(_ cache: KeyValueCache, _ visible: [Range<Int>], headCount: Int) {
        stretches = zip(cache.rows, visible).map { $0.stretches(of: $1, cache.pageLength) }
        self.headCount = headCount
        var (firsts, count, tasks): ([Int], Int, [Task]) = ([], 0, [])
        for (item, pages) in stretches.enumerated() {
            firsts.append(count)
            count += pages.count * headCount
            for keyHead in 0..<(cache.layout?.headCount ?? 0) {
                tasks += pages.indices.map { Task(item: item, keyHead: keyHead, stretch: $0) }
            }
        }
        (self.firsts, self.count, self.tasks) = (firsts, count, tasks)
    }

    /// The number of a part.
    func index(_ item: Int, _ head: Int, _ stretch: Int) -> Int {
        firsts[item] + head * stretches[item].count + stretch
    }

    /// The numbers of all parts of a head of an item, in the order of their positions.
    func indices(_ item: Int, _ head: Int) -> Range<Int> {
        index(item, head, 0)..<index(item, head, stretches[item].count)
    }

    /// Which part has this number.
    func place(of part: Int) -> (item: Int, head: Int, stretch: PageStretch) {
        let item = (firsts.lastIndex { $0 <= part }) ?? 0
        let (head, stretch) = (part - firsts[item]).quotientAndRemainder(dividingBy: max(1, stretches[item].count))
        return (item, head, stretches[item][stretch])
    }
}
