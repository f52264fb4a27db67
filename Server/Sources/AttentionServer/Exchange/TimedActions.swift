/// What is to happen at which time, the earliest first: a binary heap.
///
/// What is taken back is forgotten at once; its number stays in the heap until its time, or until more than half of the heap is such numbers, which are
/// then all removed. So there are never more than twice as many entries as actions, and a few.
///
/// Complexity: O(log n) for each action, over all.
package struct TimedActions<Instant: Comparable, Action> {
    private struct Entry {
        let time: Instant
        let id: Int

        /// Of equals, whichever was added first.
        func precedes(_ other: Entry) -> Bool { (time, id) < (other.time, other.id) }
    }

    private var heap: [Entry] = []
    private var actions: [Int: Action] = [:]
    private var lastID = 0

    /// Nothing is to happen.
    package init() {}

    /// How many actions are to come.
    package var count: Int { actions.count }

    /// How many entries are kept for them.
    package var entryCount: Int { heap.count }

    /// When something happens next, perhaps something that was taken back since; nil if nothing does.
    package var next: Instant? { heap.first?.time }

    /// Adds an action.
    /// - Returns: its number, by which it can be taken back.
    package mutating func add(_ action: Action, at time: Instant) -> Int {
        lastID += 1
        actions[lastID] = action
        heap.append(Entry(time: time, id: lastID))
        rise(from: heap.count - 1)
        return lastID
    }

    /// Takes an action back. What has happened already cannot be.
    package mutating func remove(_ id: Int) {
        guard actions.removeValue(forKey: id) != nil, heap.count > 2 * actions.count + 64 else { return }
        heap.removeAll { actions[$0.id] == nil }
        // A sorted array is a heap.
        heap.sort { $0.precedes($1) }
    }

    /// Removes all actions up to this time.
    /// - Returns: the actions, the earliest first.
    package mutating func takeAll(until time: Instant) -> [Action] {
        var due: [Action] = []
        while let first = heap.first, first.time <= time {
            if let action = actions.removeValue(forKey: first.id) { due.append(action) }
            removeFirst()
        }
        return due
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var place = 0
        while true {
            let children = [2 * place + 1, 2 * place + 2].filter(heap.indices.contains)
            guard let least = children.min(by: { heap[$0].precedes(heap[$1]) }), heap[least].precedes(heap[place])
            else {
                return
            }
            heap.swapAt(place, least)
            place = least
        }
    }

    private mutating func rise(from last: Int) {
        var place = last
        while place > 0, heap[place].precedes(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }
}
