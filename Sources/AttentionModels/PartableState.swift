import AttentionDecoding
import AttentionTensors

/// What a decoder remembers of sources that were read as one batch, and can be parted as if they had not been.
protocol PartableState: JoinableState {
    /// These rows before their first step, whose longest source has so many tokens; what filled them up to longer ones is left out.
    /// - Throws: `ShapeError` if there are no such rows, or not so many tokens.
    func parted(_ rows: Range<Int>, sourceLength: Int) throws(ShapeError) -> Self
}

extension SequenceToSequence where State: PartableState {
    /// All sources in one batch, filled up to the longest.
    func startsTogether(_ sources: [PaddedBatch]) throws(ShapeError) -> [State] {
        guard sources.count > 1 else {
            var states: [State] = []
            for source in sources { states.append(try start(source)) }
            return states
        }
        let together = try start(PaddedBatch(sources.flatMap(\.sequences), padding: sources[0].padding))
        var (states, first) = ([State](), 0)
        for source in sources {
            let rows = first..<first + source.rowCount
            states.append(try together.parted(rows, sourceLength: source.length))
            first = rows.upperBound
        }
        return states
    }
}
