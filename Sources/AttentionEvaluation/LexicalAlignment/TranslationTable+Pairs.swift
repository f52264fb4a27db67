extension TranslationTable {
    /// Lays out the table for some sentences, and finds the entry of each pair of words in them.
    ///
    /// - Returns: the table, and an entry for each sentence pair, each target position and each source position, in
    ///   this order, so that training reads them in one stream and never searches.
    /// - Complexity: O(c + e log e) for c pairs of positions in all sentences and the e entries of a row.
    static func covering(_ pairs: SentencePairs) -> (table: TranslationTable, entries: [Int32]) {
        let occurrences = Occurrences(of: pairs)
        let targetWordCount = pairs.target.numbering.count
        var targets = (0..<targetWordCount).map(Int32.init)
        var rowStarts = [0, targets.count]
        var entries = [Int32](repeating: 0, count: pairs.cellCount)
        // The entry of each target word in the latest row that has it; any entry before the present row means that the
        // present row has none yet.
        var latest = [Int](repeating: 0, count: targetWordCount)
        for word in 0..<pairs.source.numbering.count {
            let start = targets.count
            for occurrence in occurrences[word] {
                for token in pairs.target[occurrence.pair] {
                    let target = pairs.target.words[token]
                    guard latest[Int(target)] < start else { continue }
                    latest[Int(target)] = start
                    targets.append(target)
                }
            }
            targets[start...].sort()
            for entry in start..<targets.count { latest[Int(targets[entry])] = entry }
            rowStarts.append(targets.count)

            for occurrence in occurrences[word] {
                var cell = occurrence.cell
                for token in pairs.target[occurrence.pair] {
                    entries[cell] = Int32(latest[Int(pairs.target.words[token])])
                    cell += pairs.source[occurrence.pair].count
                }
            }
        }
        return (TranslationTable(rowStarts: rowStarts, targets: targets, targetWordCount: targetWordCount), entries)
    }
}

/// Where each source word stands.
private struct Occurrences {
    struct Occurrence {
        /// The sentence pair.
        let pair: Int
        /// The first of its pairs of positions with this word: that with the first target position.
        let cell: Int
    }

    private var sorted: [Occurrence]
    private var starts: [Int]

    /// Sorts all words of the source by counting.
    init(of pairs: SentencePairs) {
        starts = [Int](repeating: 0, count: pairs.source.numbering.count + 1)
        for word in pairs.source.words { starts[Int(word) + 1] += 1 }
        for word in starts.indices.dropFirst() { starts[word] += starts[word - 1] }

        var next = starts
        sorted = [Occurrence](repeating: Occurrence(pair: 0, cell: 0), count: pairs.source.words.count)
        var cell = 0
        for pair in 0..<pairs.count {
            for (position, token) in pairs.source[pair].enumerated() {
                let word = Int(pairs.source.words[token])
                sorted[next[word]] = Occurrence(pair: pair, cell: cell + position)
                next[word] += 1
            }
            cell += pairs.source[pair].count * pairs.target[pair].count
        }
    }

    subscript(word: Int) -> ArraySlice<Occurrence> { sorted[starts[word]..<starts[word + 1]] }
}
