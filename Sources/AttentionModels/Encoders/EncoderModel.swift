import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// An encoder with a head.
public struct EncoderModel: PretrainedModel {
    /// What reads.
    public var encoder: any TextEncoder
    /// What it is for.
    public var head: EncoderHead

    /// An encoder with this head.
    public init(encoder: any TextEncoder, head: EncoderHead) { (self.encoder, self.head) = (encoder, head) }

    public static var inputNames: [String] { ["input_ids", "attention_mask", "token_type_ids", "position_ids"] }

    public var heads: HeadCounts { encoder.heads }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        let batch = try TokenBatch(inputs)
        try observing.attentions.check(layerCount: encoder.layerCount, headCount: encoder.headCount)
        let encoded = try encoder.encode(batch, observing: observing, training: nil)
        return try head.outputs(encoded.last, batch, words: encoder.words)
            + encoded.hiddenStates.enumerated().map { NamedTensor("hidden_states.\($0.offset)", $0.element) }
            + encoded.attentions.map { NamedTensor("attentions.\($0.layer)", $0.weights) }
    }

    /// `encoder.…` and `head.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try encoder.visit(&visitor, path / "encoder")
        try head.visit(&visitor, path / "head")
    }
}

extension TokenBatch {
    /// The batch that a file holds under the reference's names, which begin with `side`: that of a decoder has `decoder_input_ids`.
    /// - Throws: `SafetensorsError` or `PretrainedError` if a tensor is missing or does not fit the ids.
    init(_ inputs: SafetensorsFile, side: String = "") throws {
        let shape = try inputs.shape(of: side + "input_ids")
        guard shape.rank == 2 else {
            throw PretrainedError.badInput(
                side + "input_ids", source: inputs.source, expected: "ids [B, L]", found: "\(shape)")
        }
        func integers(_ name: String) throws -> [Int]? {
            let name = side + name
            guard inputs.contains(name) else { return nil }
            // Positions that are the same for all rows may be given once.
            let found = try inputs.shape(of: name)
            guard found == shape || (name.hasSuffix("position_ids") && found == [1, shape[1]]) else {
                throw PretrainedError.badInput(name, source: inputs.source, expected: "\(shape)", found: "\(found)")
            }
            return try inputs.integers(named: name)
        }
        let positions = try integers("position_ids").map { flat in
            Positions.at(
                (0..<shape[0]).map { row in
                    let first = flat.count == shape[1] ? 0 : row * shape[1]
                    return Array(flat[first..<first + shape[1]])
                })
        }
        let mask = try integers("attention_mask").map { try Mask($0.map { $0 != 0 }, shape: shape) }
        try self.init(
            ids: try inputs.integers(named: side + "input_ids"), rowCount: shape[0], length: shape[1],
            present: try mask.map { try Presence($0) } ?? .all, types: try integers("token_type_ids"),
            positions: positions)
    }
}
