extension ModelTrace {
    /// Everything of a trace but its numbers, as JSON holds it.
    public struct Header: Sendable, Equatable, Codable {
        /// The version of the form.
        public let version: Int
        /// The title.
        public let name: String
        /// The sequences.
        public let sequences: [Sequence]
        /// The kinds of attention; the tensor of each has its name.
        public let attention: [Part]

        /// A sequence; see `TracedSequence`. Offsets are pairs of numbers.
        public struct Sequence: Sendable, Equatable, Codable {
            let name: String
            let text: String
            let pieces: [String]
            let words: [Int?]
            let wordTexts: [String]
            let offsets: [[Int]?]
            let segments: [Int?]
            /// Absent where nothing is known.
            let likely: [[LikelyPiece]]?
            /// Absent where no beam is known.
            let beam: Beam?
            /// Absent where pieces are no places of a picture.
            let picture: Picture?
            /// Absent where offsets tell all that is known.
            let texts: [String?]?
            /// Absent where nothing is left out.
            let omitted: Int?
        }

        /// What the beam held that wrote a sequence; see `TracedBeam`.
        public struct Beam: Sendable, Equatable, Codable {
            let first: Int
            let steps: [[TracedBeam.Hypothesis]]
            let answer: [Int]
        }

        /// What the last pieces of a sequence are places of; see `TracedPicture`. The file stands in base64.
        public struct Picture: Sendable, Equatable, Codable {
            let png: String
            let rows: Int
            let columns: Int
            let order: TracedPicture.RowOrder
            /// Absent of pictures.
            let seconds: Double?
        }

        /// A kind of attention; see `TracedAttention`. Sequences are told by their names.
        public struct Part: Sendable, Equatable, Codable {
            let kind: TracedAttention.Kind
            let queries: String
            let keys: String
            let layers: [Int]
            let heads: [Int]
            let chosen: HeadIndex?
            /// Absent where weights are shares of attention.
            let structure: TracedAttention.Structure?
            /// How many weights of each row there are, k; absent where all are.
            public let top: Int?

            /// The name of the tensor, [layers, heads, Q, K], or [layers, heads, Q, k].
            public var tensorName: String { kind.rawValue }
            /// The name of the tensor that says where the weights of a row stand, [layers, heads, Q, k]; nil where all are there.
            public var placesName: String? { top == nil ? nil : kind.rawValue + ".places" }
        }
    }

    /// The header of this trace.
    public var header: Header {
        Header(
            version: Self.version, name: name,
            sequences: sequences.map { sequence in
                Header.Sequence(
                    name: sequence.name, text: sequence.text, pieces: sequence.pieces, words: sequence.words,
                    wordTexts: sequence.wordTexts,
                    offsets: sequence.offsets.map { $0.map { [$0.lowerBound, $0.upperBound] } },
                    segments: sequence.segments,
                    likely: sequence.likely.contains { !$0.isEmpty } ? sequence.likely : nil,
                    beam: sequence.beam.map { Header.Beam(first: $0.first, steps: $0.steps, answer: $0.answer) },
                    picture: sequence.picture.map {
                        Header.Picture(
                            png: $0.png.base64, rows: $0.rowCount, columns: $0.columnCount, order: $0.rowOrder,
                            seconds: $0.seconds)
                    },
                    texts: sequence.texts.contains { $0 != nil } ? sequence.texts : nil,
                    omitted: sequence.omittedCount > 0 ? sequence.omittedCount : nil)
            },
            attention: attention.map { part in
                Header.Part(
                    kind: part.kind, queries: sequences[part.queries].name, keys: sequences[part.keys].name,
                    layers: part.layers, heads: part.heads, chosen: part.chosen, structure: part.structure,
                    top: part.top)
            })
    }

    /// The trace of a header and its numbers.
    ///
    /// - Parameters:
    ///   - weights: the numbers of each kind, row-major [layers, heads, Q, K], in the order of the header; [layers, heads, Q, k] where places are
    ///     given.
    ///   - places: for each kind where the weights of a row stand, if not all are there; all are if nil.
    /// - Throws: `TraceError` where they do not fit each other.
    public init(_ header: Header, weights: [[Float]], places: [[Int]?]? = nil) throws(TraceError) {
        guard weights.count == header.attention.count else {
            throw .count(part: "tensors, one a kind", expected: header.attention.count, found: weights.count)
        }
        if let places, places.count != weights.count {
            throw .count(part: "lists of places, one a kind", expected: weights.count, found: places.count)
        }
        var sequences: [TracedSequence] = []
        for sequence in header.sequences { sequences.append(try TracedSequence(sequence)) }
        var attention: [TracedAttention] = []
        for (index, part) in header.attention.enumerated() {
            let (queries, keys) = (try header.place(of: part.queries), try header.place(of: part.keys))
            var weights = weights[index]
            if let top = part.top, let places = places?[index] {
                let height = sequences[queries].pieces.count
                let (rows, overflow) = (part.layers.count * part.heads.count).multipliedReportingOverflow(by: height)
                guard !overflow else { throw .count(part: "rows", expected: height, found: weights.count) }
                weights = try Self.spread(
                    weights, at: places, top: top, rowCount: rows, width: sequences[keys].pieces.count,
                    kind: part.kind.rawValue)
            }
            attention.append(
                TracedAttention(
                    kind: part.kind, queries: queries, keys: keys, layers: part.layers, heads: part.heads,
                    chosen: part.chosen, structure: part.structure, top: part.top, weights: weights))
        }
        try self.init(name: header.name, sequences: sequences, attention: attention)
    }
}

extension ModelTrace.Header {
    fileprivate func place(of name: String) throws(TraceError) -> Int {
        guard let place = sequences.firstIndex(where: { $0.name == name }) else {
            throw .outside(
                part: "sequences", found: name, limit: "one of \(sequences.map(\.name).joined(separator: ", "))")
        }
        return place
    }
}

extension TracedSequence {
    fileprivate init(_ sequence: ModelTrace.Header.Sequence) throws(TraceError) {
        var offsets: [Range<Int>?] = []
        for pair in sequence.offsets {
            guard let pair else {
                offsets.append(nil)
                continue
            }
            guard pair.count == 2, pair[0] <= pair[1] else {
                throw .outside(part: "offsets of \(sequence.name)", found: "\(pair)", limit: "a beginning and an end")
            }
            offsets.append(pair[0]..<pair[1])
        }
        try self.init(
            name: sequence.name, text: sequence.text, pieces: sequence.pieces, words: sequence.words,
            wordTexts: sequence.wordTexts, offsets: offsets, segments: sequence.segments, likely: sequence.likely,
            beam: try sequence.beam.map { beam throws(TraceError) in
                try TracedBeam(first: beam.first, steps: beam.steps, answer: beam.answer)
            }, picture: try sequence.picture.map { picture throws(TraceError) in try TracedPicture(picture) },
            texts: sequence.texts, omittedCount: sequence.omitted ?? 0)
    }
}

extension TracedPicture {
    fileprivate init(_ picture: ModelTrace.Header.Picture) throws(TraceError) {
        guard let png = [UInt8](base64: picture.png) else {
            throw .outside(part: "picture", found: "other text", limit: "in base64")
        }
        try self.init(
            png: png, rowCount: picture.rows, columnCount: picture.columns, rowOrder: picture.order,
            seconds: picture.seconds)
    }
}
