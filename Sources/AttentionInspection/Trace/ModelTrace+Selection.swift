extension ModelTrace {
    /// One kind of attention alone, from some of the places that look, and of each row the greatest weights: what is wanted of a long text.
    ///
    /// - Parameters:
    ///   - kind: who looks at whom.
    ///   - rows: the places that look, counted from 0; all if nil. They are a sequence of their own then, `rows of …`.
    ///   - top: how many of the greatest weights of each row are kept, of equals the first; all if nil. The others are 0.
    /// - Throws: `TraceError` if there is no such attention or no such place, or no weight is to be kept.
    public func keeping(
        _ kind: TracedAttention.Kind, rows: [Int]? = nil, top: Int? = nil
    ) throws(TraceError) -> ModelTrace {
        let part = try part(kind)
        let (looking, width) = (queries(of: part), keys(of: part).pieces.count)
        let height = looking.pieces.count
        if let wrong = rows?.first(where: { !(0..<height).contains($0) }) {
            throw .outside(part: "rows of \(kind.rawValue)", found: "\(wrong + 1)", limit: "from 1 to \(height)")
        }
        if let top, top < 1 {
            throw .outside(part: "greatest weights of each row", found: "\(top)", limit: "at least 1")
        }
        let places = rows ?? Array(0..<height)
        var weights: [Float] = []
        weights.reserveCapacity(part.layers.count * part.heads.count * places.count * width)
        for head in 0..<part.layers.count * part.heads.count {
            for place in places {
                let start = (head * height + place) * width
                weights += part.weights[start..<start + width].keepingGreatest(top)
            }
        }
        let chosen = try rows.map { rows throws(TraceError) in
            try looking.keeping(rows, as: "rows of \(looking.name)")
        }
        return try ModelTrace(
            name: name, sequences: sequences + (chosen.map { [$0] } ?? []),
            attention: [
                TracedAttention(
                    kind: kind, queries: chosen == nil ? part.queries : sequences.count, keys: part.keys,
                    layers: part.layers, heads: part.heads, chosen: part.chosen, structure: part.structure,
                    top: [top, part.top].compactMap(\.self).min(), weights: weights)
            ])
    }

    /// The greatest weights of each row of a kind of which no others are kept, and where they stand, [layers, heads, Q, k].
    package func greatest(of part: TracedAttention, _ top: Int) -> (values: [Float], places: [Int]) {
        let width = keys(of: part).pieces.count
        var (values, places) = ([Float](), [Int]())
        for start in stride(from: 0, to: part.weights.count, by: max(1, width)) {
            let row = part.weights[start..<start + width]
            let kept = row.greatest(top)
            values += kept.map { row[$0] }
            places += kept.map { $0 - start }
        }
        return (values, places)
    }

    /// The most weights that are made of few: two gigabytes of them.
    private static let spreadLimit = 1 << 29

    /// All weights of a kind of which only the greatest of each row are known.
    ///
    /// - Throws: `TraceError` unless there is one for each place, and places are among those that are looked at.
    static func spread(
        _ values: [Float], at places: [Int], top: Int, rowCount: Int, width: Int, kind: String
    ) throws(TraceError) -> [Float] {
        let (whole, overflow) = rowCount.multipliedReportingOverflow(by: width)
        guard !overflow, whole <= Self.spreadLimit else {
            throw .outside(
                part: "weights of \(kind)", found: "\(rowCount) rows of \(width)", limit: "\(Self.spreadLimit) at most")
        }
        // Fewer than all of them.
        let size = max(0, min(top, width))
        let count = size * rowCount
        for (list, found) in [("weights", values.count), ("places", places.count)] where found != count {
            throw .count(part: "\(list) of \(kind), \(size) a row", expected: count, found: found)
        }
        var weights = [Float](repeating: 0, count: whole)
        for (index, place) in places.enumerated() {
            guard (0..<width).contains(place) else {
                throw .outside(part: "places of \(kind)", found: "\(place)", limit: "from 0, below \(width)")
            }
            weights[index / size * width + place] = values[index]
        }
        return weights
    }
}

extension TracedSequence {
    /// Some of the pieces, without the beam that wrote all of them and the picture that all are places of.
    package func keeping(_ places: [Int], as name: String) throws(TraceError) -> TracedSequence {
        try TracedSequence(
            name: name, text: text, pieces: places.map { pieces[$0] }, words: places.map { words[$0] },
            wordTexts: wordTexts, offsets: places.map { offsets[$0] }, segments: places.map { segments[$0] },
            likely: places.map { likely[$0] }, texts: places.map { texts[$0] })
    }
}

extension ArraySlice<Float> {
    /// Where the greatest stand, of equals the first, in their order.
    fileprivate func greatest(_ count: Int) -> [Int] {
        guard count < self.count else { return Array(indices) }
        return indices.sorted { (self[$1], $0) < (self[$0], $1) }.prefix(count).sorted()
    }

    /// The same with 0 for all but the greatest.
    fileprivate func keepingGreatest(_ count: Int?) -> [Float] {
        guard let count, count < self.count else { return Array(self) }
        var result = [Float](repeating: 0, count: self.count)
        for place in greatest(count) { result[place - startIndex] = self[place] }
        return result
    }
}
