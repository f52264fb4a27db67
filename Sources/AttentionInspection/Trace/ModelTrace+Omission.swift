extension ModelTrace {
    /// What is to be said where the last pieces that were looked at, or small weights, are left out: how many, and how much of the rows went
    /// there; nil where all are there.
    ///
    /// - Throws: `TraceError.noKind` if there is no such attention.
    public func omission(of kind: TracedAttention.Kind) throws(TraceError) -> String? { omission(of: try part(kind)) }

    /// The same of all kinds, each once.
    var omissions: [String] {
        var found: [String] = []
        for sentence in attention.compactMap({ omission(of: $0) }) where !found.contains(sentence) {
            found.append(sentence)
        }
        return found
    }

    private func omission(of part: TracedAttention) -> String? {
        let (keys, width) = (keys(of: part), keys(of: part).pieces.count)
        guard keys.omittedCount > 0 || part.top != nil, part.structure == nil, width > 0 else { return nil }
        let places =
            keys.omittedCount > 0
            ? "The last \(keys.omittedCount) of \(width + keys.omittedCount) places that were looked at hold nothing, such as the silence "
                + "behind a sound, and are left out. " : ""
        let rows = part.top.map { "Of each row the \($0) greatest weights are kept. " } ?? ""
        let missing = stride(from: 0, to: part.weights.count, by: width).map { start in
            max(0, 1 - part.weights[start..<start + width].reduce(0) { $0 + Double($1) })
        }
        let mean = missing.reduce(0, +) / Double(max(1, missing.count))
        return places + rows
            + "Rows are as they were, not divided by what is left: \(mean.decimals(3)) of what they gave is missing on average, "
            + "\((missing.max() ?? 0).decimals(3)) at most."
    }
}
