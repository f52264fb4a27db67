public import AttentionLayers
public import AttentionTensors

/// An encoder–decoder of which not the logits of words are wanted.
public struct HeadedEncoderDecoder<Layer: DecoderLayer>: PretrainedModel {
    /// What is wanted.
    public enum Head: Module {
        /// The vectors of the decoder.
        case features
        /// Which class the text is of, told by the decoder's vector at the text's last end token; the decoder reads the text once more, behind
        /// its start token (Lewis et al. 2020, *BART*, sec. 3.1).
        case sequences(SequenceHead, start: Int, end: Int)

        /// Those of the head.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            guard case .sequences(var head, let start, let end) = self else { return }
            try head.visit(&visitor, path)
            self = .sequences(head, start: start, end: end)
        }
    }

    /// What reads and writes.
    public var model: EncoderDecoder<Layer>
    /// What is wanted of it.
    public var head: Head

    /// A model with this head.
    public init(_ model: EncoderDecoder<Layer>, _ head: Head) { (self.model, self.head) = (model, head) }

    public static var inputNames: [String] { EncoderDecoder<Layer>.inputNames }

    public var heads: HeadCounts { model.heads }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        let source = try TokenBatch(inputs)
        switch head {
        case .features:
            let trace = try model.trace(source, try TokenBatch(inputs, side: "decoder_"), observing: observing)
            return [NamedTensor("last_hidden_state", trace.decoded.last)] + trace.named
        case .sequences(let head, let start, let end):
            let target =
                inputs.contains("decoder_input_ids")
                ? try TokenBatch(inputs, side: "decoder_") : try source.shifted(start: start)
            let trace = try model.trace(source, target, observing: observing)
            let last = try trace.decoded.last.vectors(at: try source.lastPlaces(of: end, inputs.source))
            return [NamedTensor("logits", try head(last, present: .all))] + trace.named
        }
    }

    /// Those of the model, and `head.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try model.visit(&visitor, path)
        try head.visit(&visitor, path / "head")
    }
}

extension TokenBatch {
    /// Each row behind `start`, its last id left out.
    fileprivate func shifted(start: Int) throws(ShapeError) -> TokenBatch {
        let shifted = (0..<rowCount).flatMap { row in
            [start] + ids[row * length..<(row + 1) * length].dropLast()
        }
        return try TokenBatch(ids: shifted, rowCount: rowCount, length: length)
    }

    /// Where each row has this id last.
    /// - Throws: `PretrainedError` if a row does not have it.
    fileprivate func lastPlaces(of id: Int, _ source: String) throws(PretrainedError) -> [Int] {
        var places: [Int] = []
        for row in 0..<rowCount {
            guard let last = ids[row * length..<(row + 1) * length].lastIndex(of: id) else {
                throw .badInput(
                    "input_ids", source: source, expected: "the end token \(id) in every row",
                    found: "none in row \(row)")
            }
            places.append(last)
        }
        return places
    }
}

extension Tensor {
    /// [B, L, M] → [B, 1, M]: the vectors at these places, counted through all rows.
    fileprivate func vectors(at places: [Int]) throws(ShapeError) -> Tensor {
        try reshaped(to: [-1, shape[2]]).rows(places, shape: [places.count, 1])
    }
}
