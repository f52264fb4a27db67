/// How often each pair of neighbouring pieces occurs in the words, kept up to date as pairs merge.
///
/// The most frequent pair comes from a queue whose entries may be out of date: an entry that promises too much goes back
/// with its true count. Every rise of a count is queued at once, so no pair is ever missed.
struct PairCounts {
    /// Two neighbours.
    struct Pair: Hashable {
        let left: Int32
        let right: Int32
    }

    /// The most frequent pair first; among equals the one of smaller ids.
    private struct Candidate: Comparable {
        let count: Int
        let pair: Pair

        static func < (first: Candidate, second: Candidate) -> Bool {
            (second.count, first.pair.left, first.pair.right) < (first.count, second.pair.left, second.pair.right)
        }
    }

    /// Characters outside the vocabulary, with which nothing merges.
    private static let outside: Int32 = -1

    private var words: [[Int32]] = []
    private let wordCounts: [Int]
    private var counts: [Pair: Int] = [:]
    /// Words in which a pair occurs, or has occurred; some may be named more than once.
    private var places: [Pair: [Int32]] = [:]
    private var queue = PriorityQueue<Candidate>()

    init(_ words: WordCounts, vocabulary: Vocabulary) {
        wordCounts = words.counts
        for position in 0..<words.count {
            let scalars = String(decoding: words[position], as: UTF8.self).unicodeScalars
            self.words.append(
                scalars.map { vocabulary.id(of: ArraySlice($0.utf8)).map { Int32($0) } ?? Self.outside })
            for pair in Self.pairs(of: self.words[position]) { add(wordCounts[position], to: pair, in: position) }
        }
        for (pair, count) in counts { queue.insert(Candidate(count: count, pair: pair)) }
    }

    private static func pairs(of word: [Int32]) -> [Pair] {
        zip(word, word.dropFirst()).compactMap { left, right in
            left == outside || right == outside ? nil : Pair(left: left, right: right)
        }
    }

    private mutating func add(_ count: Int, to pair: Pair, in position: Int) {
        counts[pair, default: 0] += count
        if places[pair]?.last != Int32(position) { places[pair, default: []].append(Int32(position)) }
    }

    /// The pair that occurs most, if it occurs at least so often.
    mutating func mostFrequent(atLeast minimum: Int) -> Pair? {
        while let candidate = queue.popSmallest() {
            guard let count = counts[candidate.pair], count >= max(minimum, 1) else { continue }
            if count == candidate.count { return candidate.pair }
            queue.insert(Candidate(count: count, pair: candidate.pair))
        }
        return nil
    }

    /// Puts `id` in the place of `pair` in every word.
    mutating func merge(_ pair: Pair, into id: Int32) {
        let positions = places[pair] ?? []
        var risen: Set<Pair> = []
        for position in positions.map(Int.init) {
            let merged = Self.merged(words[position], pair, into: id)
            guard merged.count < words[position].count else { continue }
            let count = wordCounts[position]
            for old in Self.pairs(of: words[position]) { counts[old]? -= count }
            words[position] = merged
            for new in Self.pairs(of: merged) {
                if new.left == id || new.right == id {
                    add(count, to: new, in: position)
                    risen.insert(new)
                } else {
                    counts[new]? += count
                }
            }
        }
        (counts[pair], places[pair]) = (nil, nil)
        for pair in risen {
            if let count = counts[pair] { queue.insert(Candidate(count: count, pair: pair)) }
        }
    }

    /// `word` with `id` for each occurrence of `pair`, from the left.
    private static func merged(_ word: [Int32], _ pair: Pair, into id: Int32) -> [Int32] {
        var result: [Int32] = []
        result.reserveCapacity(word.count)
        var index = 0
        while index < word.count {
            if word[index] == pair.left, index + 1 < word.count, word[index + 1] == pair.right {
                result.append(id)
                index += 2
            } else {
                result.append(word[index])
                index += 1
            }
        }
        return result
    }
}
