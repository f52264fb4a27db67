/// The entries of a vocabulary by their ids, ascending. Ids that come in order, as nearly all do, are put in and found in O(1).
struct EntriesByID: Sendable {
    private var ids: [Int32] = []
    private var entries: [Int32] = []

    init(capacity: Int) {
        ids.reserveCapacity(capacity)
        entries.reserveCapacity(capacity)
    }

    /// The entries numbered from 0, with these ids, apart from some. Complexity: O(n) if the ids ascend, else O(n log n).
    init(_ idOfEntry: [Int32], without superseded: [Int32]) {
        let all = 0..<Int32(idOfEntry.count)
        if superseded.isEmpty, zip(idOfEntry, idOfEntry.dropFirst()).allSatisfy(<) {
            self.init(capacity: 0)
            (ids, entries) = (idOfEntry, Array(all))
            return
        }
        let superseded = Set(superseded)
        let order = all.filter { !superseded.contains($0) }.sorted {
            (idOfEntry[Int($0)], $0) < (idOfEntry[Int($1)], $1)
        }
        self.init(capacity: order.count)
        for entry in order { insert(idOfEntry[Int(entry)], entry) }
    }

    var count: Int { ids.count }
    var lastID: Int32? { ids.last }

    subscript(id: Int32) -> Int32? {
        let place = place(of: id)
        return place < ids.count && ids[place] == id ? entries[place] : nil
    }

    /// Where the id is, or belongs.
    private func place(of id: Int32) -> Int {
        guard let last = ids.last, id <= last else { return ids.count }
        if id >= 0, Int(id) < ids.count, ids[Int(id)] == id { return Int(id) }
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func insert(_ id: Int32, _ entry: Int32) {
        let place = place(of: id)
        if place == ids.count {
            ids.append(id)
            entries.append(entry)
        } else if ids[place] == id {
            entries[place] = entry
        } else {
            ids.insert(id, at: place)
            entries.insert(entry, at: place)
        }
    }

    /// Takes out an id, if it is this entry's.
    mutating func remove(_ id: Int32, of entry: Int32) {
        let place = place(of: id)
        guard place < ids.count, ids[place] == id, entries[place] == entry else { return }
        ids.remove(at: place)
        entries.remove(at: place)
    }

    func map<Result>(_ transform: (_ id: Int32, _ entry: Int32) -> Result) -> [Result] {
        zip(ids, entries).map { transform($0, $1) }
    }
}
