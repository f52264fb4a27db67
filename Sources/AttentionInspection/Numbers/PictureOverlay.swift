/// Attention to the places of a picture, or of the spectrogram of a sound: what is laid over it, a panel for each that looks.
public struct PictureOverlay: Sendable, Equatable {
    /// What is looked at.
    public let picture: TracedPicture
    /// A row for each panel: what of its attention each piece has that is looked at, the places of the picture last.
    public let matrix: AlignmentMatrix
    /// For each panel which place it stands for itself, where a picture looks at itself, counted as places are drawn; nil of words, and of what is no place.
    public let ownPlaces: [Int?]
    /// Whether some of what panels give is not there: to places that hold nothing, or in small weights.
    public let isPartial: Bool

    /// A place as it is drawn and how much of the attention it has.
    struct Tile: Equatable {
        let place: Int
        let weight: Float
    }

    /// The name of each place as they are drawn: from the left, row by row from the top.
    public var placeNames: [String] { drawn.map { matrix.source[$0] } }

    /// What a panel gives to each place as they are drawn.
    public func weights(ofPanel panel: Int) -> [Float] { drawn.map { matrix.weights[panel][$0] } }

    /// The greatest weight of a place in all panels, which gets the full shade.
    public var greatest: Float { matrix.weights.indices.map { weights(ofPanel: $0).max() ?? 0 }.max() ?? 0 }

    /// What a panel's attention gives to what is no place of the picture: the picture as a whole, registers.
    public func weightElsewhere(ofPanel panel: Int) -> Float {
        matrix.weights[panel].prefix(matrix.source.count - picture.placeCount).reduce(0, +)
    }

    /// What a panel's attention gives to what is left out; 0 where nothing is.
    public func omittedWeight(ofPanel panel: Int) -> Float {
        isPartial ? max(0, 1 - matrix.weights[panel].reduce(0, +)) : 0
    }

    /// What there is to say of a panel besides its weights: how much is not shown, unless that is 0 to three decimals.
    func remarks(onPanel panel: Int) -> [String] {
        let shares: [(name: String, weight: Float)] = [
            ("not of the picture", weightElsewhere(ofPanel: panel)),
            ("left out", omittedWeight(ofPanel: panel)),
        ]
        return shares.filter { $0.weight >= 5e-4 }.map { "\($0.name): \(Double($0.weight).decimals(3))" }
    }

    /// A panel as so many tiles, each the place with the greatest weight of those that it covers; a tile a place where there are no more.
    func tiles(ofPanel panel: Int, down: Int, across: Int) -> [[Tile]] {
        let weights = weights(ofPanel: panel)
        func parts(of count: Int, _ limit: Int) -> [Range<Int>] {
            let parts = min(count, max(1, limit))
            return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
        }
        let columns = parts(of: picture.columnCount, across)
        return parts(of: picture.rowCount, down).map { rows in
            columns.map { columns in
                var best = rows.lowerBound * picture.columnCount + columns.lowerBound
                for row in rows {
                    for column in columns where weights[row * picture.columnCount + column] > weights[best] {
                        best = row * picture.columnCount + column
                    }
                }
                return Tile(place: best, weight: weights[best])
            }
        }
    }

    /// Which piece each place is as they are drawn.
    private var drawn: [Int] {
        let first = matrix.source.count - picture.placeCount
        return (0..<picture.placeCount).map { first + picture.place(drawnAt: $0) }
    }
}

extension TracedPicture {
    /// Which place, counted as the rows of the grid are, is drawn at a place counted from the top; the reverse is the same.
    func place(drawnAt place: Int) -> Int {
        let (row, column) = place.quotientAndRemainder(dividingBy: columnCount)
        return (rowOrder == .upwards ? rowCount - 1 - row : row) * columnCount + column
    }
}

extension ModelTrace {
    /// What looks at a picture: the rows and the word of a focus, a panel each, or the mean of all that look.
    ///
    /// - Throws: `TraceError.noKind` if there is no such attention, `.noPicture` if what it looks at is none; `.noWord` or `.outside` if there is no such
    ///   word or row.
    public func overlay(
        of kind: TracedAttention.Kind, _ grain: Grain = Grain(), focus: TraceFocus = TraceFocus()
    ) throws(TraceError) -> PictureOverlay {
        let (part, views) = (try part(kind), try views(of: kind))
        guard let picture = keys(of: part).picture else {
            throw .noPicture(kind.rawValue, views: views.map(\.rawValue))
        }
        // Places are laid out on the picture, whatever becomes of the words that look.
        let map = try map(of: kind, grain, keys: Grain())
        let pieces = groups(of: part.queries, grain).pieces
        let (rows, weights) = (try places(of: focus, kind, in: map, pieces), map.chosenMatrix.weights)
        let isOfItself = part.queries == part.keys
        let first = map.source.count - picture.placeCount
        let own = rows?.map { row -> Int? in
            guard isOfItself, pieces[row].count == 1, pieces[row][0] >= first else { return nil }
            return picture.place(drawnAt: pieces[row][0] - first)
        }
        let matrix = AlignmentMatrix(
            unchecked: title(of: .overlay, kind, focus), source: map.source,
            target: rows?.map { map.target[$0] } ?? ["all that look, their mean"],
            weights: rows?.map { weights[$0] } ?? [weights.meanRow(width: map.source.count)])
        return PictureOverlay(
            picture: picture, matrix: matrix, ownPlaces: own ?? [nil],
            isPartial: part.structure == nil && (keys(of: part).omittedCount > 0 || part.top != nil))
    }

    /// Which of what is shown a focus names; nil if it names nothing.
    private func places(
        of focus: TraceFocus, _ kind: TracedAttention.Kind, in map: AlignmentMap, _ pieces: [[Int]]
    ) throws(TraceError) -> [Int]? {
        guard focus.rows != nil || focus.word != nil else { return nil }
        let named = try map.places(of: TraceFocus(word: focus.word)).rows
        guard let rows = focus.rows else { return named }
        let count = queries(of: try part(kind)).pieces.count
        if let wrong = rows.first(where: { !(0..<count).contains($0) }) {
            throw .outside(part: "rows of \(kind.rawValue)", found: "\(wrong + 1)", limit: "from 1 to \(count)")
        }
        let chosen = named.filter { !Set(pieces[$0]).isDisjoint(with: rows) }
        guard !chosen.isEmpty else {
            throw .outside(part: "rows of \(kind.rawValue)", found: "none", limit: "among those that are shown")
        }
        return chosen
    }
}

extension [[Float]] {
    /// The mean of all rows.
    fileprivate func meanRow(width: Int) -> [Float] {
        (0..<width).map { column in
            let sum = reduce(0.0) { $0 + Double($1[column]) }
            return Float(sum / Double(Swift.max(1, count)))
        }
    }
}
