/// The candidate that takes the fewest edits to reach (Levenshtein 1966), if that is at most a third of its letters and two more.
func nearest(to name: String, among candidates: [String]) -> String? {
    let scored = candidates.map { (distance: editDistance(Array(name), Array($0)), name: $0) }
    guard let best = scored.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
    return best.distance <= 2 + best.name.count / 3 ? best.name : nil
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var previous = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var current = [i + 1]
        for (j, y) in b.enumerated() {
            current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (x == y ? 0 : 1)))
        }
        previous = current
    }
    return previous[b.count]
}
