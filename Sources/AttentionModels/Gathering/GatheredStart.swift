import AttentionDecoding
import AttentionTensors

/// What one caller wants a translator to read before it writes, where several do.
///
/// Whoever waits at the same moment is read together, those of similar length filled up to the longest of them.
struct GatheredStart<Model: SequenceToSequence>: GatheredCall {
    private let source: PaddedBatch
    /// How many of its rows were read, and what came of them.
    private var (readCount, parts) = (0, [Model.State]())
    private let precision = Precision.current
    private(set) var answer: Result<Model.State, ShapeError>?

    /// How many tokens, padding included, a thread reads at most between two steps of those who write, unless one text alone has more. To read a token costs
    /// about as much as to write one, and 32 texts of five hypotheses, which two threads share, are 80 rows for each: those who write wait for less than two
    /// steps more.
    private static var tokenLimit: Int { 128 }
    /// How many tokens are read at once of whoever is alone: but for those who come meanwhile, nobody waits for them.
    private static var lonelyTokenLimit: Int { 1024 }
    /// How many tokens of padding whoever is read together may cost: less than to pass the weights through the processor once more.
    private static var paddingLimit: Int { 32 }

    /// - Parameter source: at least one row.
    init(_ source: PaddedBatch) { self.source = source }

    var isAnswered: Bool { answer != nil }
    /// Nil for whoever brings more than is read between two steps, which all threads are to read.
    var rowCount: Int? {
        let next = piece(within: Self.tokenLimit)
        return readCount + next.rowCount == source.rowCount ? next.placeCount : nil
    }

    /// A round: as much as there is time for beside so many who write, of those who have waited for longest.
    static func advanceTogether(_ starts: inout [GatheredStart], beside stepCount: Int, _ model: Model) {
        let limit = starts.count + stepCount > 1 ? tokenLimit : lonelyTokenLimit
        var pieces = pieces(of: starts, within: limit).sorted { $0.source.length > $1.source.length }
        while let longest = pieces.first {
            var (group, padding) = ([Piece](), 0)
            for piece in pieces where starts[piece.place].precision == starts[longest.place].precision {
                padding += piece.source.rowCount * (longest.source.length - piece.source.length)
                guard padding <= paddingLimit else { break }
                group.append(piece)
            }
            pieces.removeAll { piece in group.contains { $0.place == piece.place } }
            let found = withPrecision(starts[longest.place].precision) { states(of: group.map(\.source), model) }
            for (piece, state) in zip(group, found) { starts[piece.place].keep(state, of: piece.source, model) }
        }
    }

    // MARK: Pieces

    /// Rows of one caller that are read in a round.
    private struct Piece {
        let place: Int
        let source: PaddedBatch
    }

    private static func pieces(of starts: [GatheredStart], within limit: Int) -> [Piece] {
        var (pieces, tokens) = ([Piece](), 0)
        for (place, start) in starts.enumerated() {
            let source = start.piece(within: limit - tokens)
            guard pieces.isEmpty || tokens + source.placeCount <= limit else { break }
            pieces.append(Piece(place: place, source: source))
            tokens += source.placeCount
        }
        return pieces
    }

    /// The next rows, as many as have so many tokens with their own padding; at least one.
    private func piece(within limit: Int) -> PaddedBatch {
        var (count, longest) = (0, 0)
        for length in source.lengths[readCount...] {
            longest = max(longest, length)
            guard count == 0 || (count + 1) * longest <= limit else { break }
            count += 1
        }
        guard count < source.rowCount else { return source }
        return PaddedBatch(Array(source.sequences[readCount..<readCount + count]), padding: source.padding)
    }

    // MARK: States

    /// What each of these is, read together; one after the other if that cannot be done, so that none suffers from another.
    private static func states(of sources: [PaddedBatch], _ model: Model) -> [Result<Model.State, ShapeError>] {
        if let states = try? model.starts(sources), states.count == sources.count {
            return states.map { .success($0) }
        }
        return sources.map { source in Result { () throws(ShapeError) in try model.start(source) } }
    }

    /// What was read of the next rows, behind what was read before.
    private mutating func keep(
        _ found: Result<Model.State, ShapeError>, of piece: PaddedBatch, _ model: Model
    ) {
        readCount += piece.rowCount
        do {
            let part = try found.get()
            parts.append(part)
            if readCount == source.rowCount || !part.isJoinable { answer = joined(model) }
        } catch { answer = .failure(error) }
    }

    /// What was read, as one; what cannot be joined is read as a whole.
    private func joined(_ model: Model) -> Result<Model.State, ShapeError> {
        if readCount == source.rowCount {
            if parts.count == 1 { return .success(parts[0]) }
            if let joined = try? Model.State.joining(parts) { return .success(joined) }
        }
        return withPrecision(precision) { Result { () throws(ShapeError) in try model.start(source) } }
    }
}

extension PaddedBatch {
    /// The number of ids, padding included.
    fileprivate var placeCount: Int { rowCount * length }
}
