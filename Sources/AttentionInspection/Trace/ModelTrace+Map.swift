extension ModelTrace {
    /// How pieces are shown.
    public struct Grain: Sendable, Hashable {
        /// Whether pieces are joined into words.
        public var joinsWords: Bool
        /// Whether special pieces are shown.
        public var showsSpecial: Bool

        /// Pieces one by one, special ones too, unless told otherwise.
        public init(joinsWords: Bool = false, showsSpecial: Bool = true) {
            (self.joinsWords, self.showsSpecial) = (joinsWords, showsSpecial)
        }
    }

    /// One kind of attention as a map, layers and heads named as people count them, from 1.
    ///
    /// - Parameters:
    ///   - grain: how pieces that look are shown.
    ///   - keyGrain: how those that are looked at are; the same if nil.
    /// - Throws: `TraceError.noKind` if the trace has none of this kind.
    public func map(
        of kind: TracedAttention.Kind, _ grain: Grain = Grain(), keys keyGrain: Grain? = nil
    ) throws(TraceError) -> AlignmentMap {
        let part = try part(kind)
        let (queries, keys) = (queries(of: part), keys(of: part))
        let (rows, columns) = (WordGroups(queries, grain), WordGroups(keys, keyGrain ?? grain))
        let weights = part.layers.indices.map { layer in
            part.heads.indices.map { head in
                merge(rowsOfHead(part, layer, head), rows: rows.pieces, columns: columns.pieces)
            }
        }
        return AlignmentMap(
            unchecked: name, source: columns.labels, target: rows.labels, weights: weights,
            layerNames: part.layers.map { "\($0 + 1)" }, headNames: part.heads.map { "\($0 + 1)" },
            chosen: part.chosen.flatMap { chosen in
                guard let layer = part.layers.firstIndex(of: chosen.layer),
                    let head = part.heads.firstIndex(of: chosen.head)
                else { return nil }
                return HeadIndex(layer: layer, head: head)
            })
    }

    /// What is shown of the n-th sequence, and of which pieces.
    package func groups(of sequence: Int, _ grain: Grain) -> WordGroups { WordGroups(sequences[sequence], grain) }

    /// The weights of the head at these places among those that were looked into, [Q][K].
    private func rowsOfHead(_ part: TracedAttention, _ layer: Int, _ head: Int) -> [[Float]] {
        let (height, width) = (queries(of: part).pieces.count, keys(of: part).pieces.count)
        let start = (layer * part.heads.count + head) * height * width
        return (0..<height).map { Array(part.weights[start + $0 * width..<start + ($0 + 1) * width]) }
    }

    /// The trace that shows what a map does, its words as pieces: `alignment`, from `target` to `source`.
    public init(_ map: AlignmentMap) {
        let sequences: [TracedSequence]
        do {
            sequences = [
                try TracedSequence(name: "source", pieces: map.source),
                try TracedSequence(name: "target", pieces: map.target),
            ]
        } catch { preconditionFailure("a sequence without words and offsets of its own has nothing to get wrong") }
        let part = TracedAttention(
            kind: .alignment, queries: 1, keys: 0, layers: Array(0..<map.layerCount), heads: Array(0..<map.headCount),
            chosen: map.chosen, weights: map.weights.flatMap { $0.flatMap { $0.flatMap(\.self) } })
        (name, self.sequences, attention) = (map.name, sequences, [part])
    }
}

extension WordGroups {
    /// What is shown of a sequence.
    init(_ sequence: TracedSequence, _ grain: ModelTrace.Grain) {
        self.init()
        let texts = grain.joinsWords ? sequence.labels : sequence.markedLabels
        var last: Int?
        for piece in sequence.pieces.indices {
            let word = sequence.words[piece]
            defer { last = word }
            if grain.joinsWords, word != nil, word == last {
                pieces[pieces.count - 1].append(piece)
            } else if word != nil || grain.showsSpecial {
                labels.append(grain.joinsWords ? word.map { sequence.wordTexts[$0] } ?? texts[piece] : texts[piece])
                pieces.append([piece])
            }
        }
    }
}
