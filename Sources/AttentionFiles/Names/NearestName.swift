/// What a mistyped name was probably meant to be: for refusals that show the way out.
package enum NearestName {
    /// The candidate that takes the fewest edits to reach (Levenshtein 1966; of equals the first in the alphabet), if these are few: at most
    /// one for every three letters and one more.
    /// - Complexity: O(n · m) for each candidate.
    package static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let scored = candidates.map { (distance: editDistance(Array(name), Array($0)), name: $0) }
        guard let best = scored.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
        return best.distance <= 1 + min(name.count, best.name.count) / 3 ? best.name : nil
    }

    /// The insertions, deletions and replacements that turn one word into the other.
    package static func editDistance<Element: Equatable>(_ first: [Element], _ second: [Element]) -> Int {
        var row = Array(0...second.count)
        for (i, mine) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, theirs) in second.enumerated() {
                let replaced = diagonal + (mine == theirs ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }
}
