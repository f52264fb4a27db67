/// The distinct segments of a text and how often each occurs, in the order in which they came.
struct WordCounts {
    private var index = PieceIndex()
    private(set) var counts: [Int] = []

    var count: Int { counts.count }

    /// The segment at `position` in UTF-8.
    subscript(position: Int) -> ArraySlice<UInt8> { index[position] }

    mutating func add(_ segments: [Segment]) {
        for segment in segments {
            let entry = index.insert(segment.text.utf8[...])
            if entry == counts.count { counts.append(0) }
            counts[entry] += 1
        }
    }

    /// The fewest characters that make up the share `coverage` of the text, in the order of their code points.
    func characters(covering coverage: Double) -> [Unicode.Scalar] {
        var frequencies: [Unicode.Scalar: Int] = [:]
        for position in counts.indices {
            for scalar in String(decoding: self[position], as: UTF8.self).unicodeScalars {
                frequencies[scalar, default: 0] += counts[position]
            }
        }
        let wanted = coverage * Double(frequencies.values.reduce(0, +))
        var covered = 0
        var characters: [Unicode.Scalar] = []
        for (scalar, frequency) in frequencies.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            guard Double(covered) < wanted else { break }
            covered += frequency
            characters.append(scalar)
        }
        return characters.sorted()
    }
}
