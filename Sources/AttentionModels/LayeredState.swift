public import AttentionDecoding
public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// What a decoder of several layers, each of which looks at what was written before and then at a source, remembers for R hypotheses.
public struct LayeredState<Past: DecoderPast>: JoinableState {
    /// The source as each layer sees it, R rows, those of one source read where it lies.
    private(set) var sources: [Memory]
    /// Which source each row looks at.
    private var sourceRows: SourceRows
    /// What each layer remembers of the target so far.
    var pasts: [Past]

    /// Before the first step of R rows, each of which has a source of its own.
    init(sources: [Memory], pasts: [Past], rowCount: Int) {
        (self.sources, self.pasts, sourceRows) = (sources, pasts, SourceRows(count: rowCount))
    }

    public var rowCount: Int { sourceRows.count }

    public func selecting(_ rows: [Int]) throws(ShapeError) -> LayeredState {
        if rows.elementsEqual(0..<rowCount) { return self }
        if let outside = rows.first(where: { $0 < 0 || $0 >= rowCount }) {
            throw ShapeError("selecting", expected: "rows below \(rowCount)", found: "\(outside)")
        }
        var result = self
        result.sourceRows = sourceRows.selecting(rows)
        for layer in pasts.indices {
            result.pasts[layer] = try pasts[layer].selecting(rows)
            if result.sourceRows != sourceRows { result.sources[layer] = try sources[layer].selecting(rows) }
        }
        return result
    }

    public static func joining(_ states: [LayeredState]) throws(ShapeError) -> LayeredState {
        guard var result = states.first, states.allSatisfy({ $0.pasts.count == result.pasts.count }) else {
            throw ShapeError(
                "joining", expected: "states of one model, at least one",
                found: "\(states.map(\.pasts.count)) layers")
        }
        result.sourceRows = .joining(states.map(\.sourceRows))
        for layer in result.pasts.indices {
            result.pasts[layer] = try .joining(states.map { $0.pasts[layer] })
            result.sources[layer] = try .joining(states.map { $0.sources[layer] })
        }
        return result
    }

    /// These rows before their first step, whose longest source has so many tokens; what filled them up to longer ones is left out.
    /// - Throws: `ShapeError` if there are no such rows, or not so many tokens.
    fileprivate func parted(_ rows: Range<Int>, sourceLength: Int) throws(ShapeError) -> LayeredState {
        var result = self
        result.sourceRows = SourceRows(count: rows.count)
        for layer in pasts.indices {
            result.pasts[layer] = try pasts[layer].selecting(Array(rows))
            result.sources[layer] = try sources[layer].parted(rows, keyCount: sourceLength)
        }
        return result
    }

    public var alignedLength: Int? { sources.first?.keyCount }

    /// Brings the sources of all rows together, for alignments, which want them so; once until rows change their sources.
    mutating func gatherSources() throws(ShapeError) {
        for layer in sources.indices { sources[layer] = try sources[layer].gathered() }
    }
}

extension SequenceToSequence {
    /// All sources in one batch, filled up to the longest, and what is remembered of it parted as if they had been read one after the other.
    func startsTogether<Past>(
        _ sources: [PaddedBatch]
    ) throws(ShapeError) -> [LayeredState<Past>] where State == LayeredState<Past> {
        guard sources.count > 1 else {
            var states: [LayeredState<Past>] = []
            for source in sources { states.append(try start(source)) }
            return states
        }
        let together = try start(PaddedBatch(sources.flatMap(\.sequences), padding: sources[0].padding))
        var (states, first) = ([LayeredState<Past>](), 0)
        for source in sources {
            let rows = first..<first + source.rowCount
            states.append(try together.parted(rows, sourceLength: source.length))
            first = rows.upperBound
        }
        return states
    }
}
