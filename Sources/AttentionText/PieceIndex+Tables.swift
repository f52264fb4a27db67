import AttentionFiles

extension PieceIndex {
    /// What is seen of an entry before it is looked up: the one in the slot where the search begins.
    private struct Sight {
        var hash: UInt64 = 0
        var entry: Int32 = -1
        var range = 0..<0
        /// What the entry begins with.
        var word: UInt64 = 0
    }

    /// The numbers of the strings of a table; −1 for those that are not here.
    ///
    /// Strings are looked up block by block: memory is asked for the slots of all, for the places of all, for the bytes of all, and mostly these
    /// are what was looked for.
    func entries(of table: JSONTable) -> [Int32] {
        var result = [Int32](repeating: -1, count: table.ends.count)
        var sights = [Sight](repeating: Sight(), count: HashSlots.blockSize)
        table.bytes.withUnsafeBufferPointer { strings in
            bytes.withUnsafeBufferPointer { bytes in
                for start in stride(from: 0, to: result.count, by: sights.count) {
                    let block = 0..<min(sights.count, result.count - start)
                    for place in block { sights[place].hash = hash(of: strings, table.range(of: start + place)) }
                    for place in block { sights[place].entry = slots.seen(sights[place].hash) }
                    for place in block where sights[place].entry >= 0 {
                        sights[place].range = range(of: Int(sights[place].entry))
                    }
                    for place in block {
                        let range = sights[place].range
                        sights[place].word = bytes.word(at: range.lowerBound, upTo: range.upperBound)
                    }
                    for place in block {
                        let (sight, string) = (sights[place], table.range(of: start + place))
                        let word = strings.word(at: string.lowerBound, upTo: string.upperBound)
                        if sight.entry >= 0, sight.word == word, sight.range.count == string.count,
                            isEntry(Int(sight.entry), strings, string)
                        {
                            result[start + place] = sight.entry
                        } else if let entry = entry(of: strings, string, sight.hash) {
                            result[start + place] = Int32(truncatingIfNeeded: entry)
                        }
                    }
                }
            }
        }
        return result
    }
}

extension JSONTable {
    /// Where the bytes of the string of this number are.
    @inline(__always)
    func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index]) }
}
