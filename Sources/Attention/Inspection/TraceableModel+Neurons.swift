public import AttentionInspection
import AttentionLayers
import AttentionModels
import AttentionTensors

extension TraceableModel {
    /// How one head comes to look from one word to another; of words of several pieces the pair of pieces that it gives most.
    ///
    /// - Parameter head: counted from 0.
    /// - Throws: as `trace`; `TraceError.noWord` if there is no such word; `TraceWeightsError.noInnerProducts` if scores are no inner products.
    public func neurons(
        of head: HeadIndex, _ kind: TracedAttention.Kind, _ focus: TraceFocus, _ grain: ModelTrace.Grain,
        in text: String,
        and second: String?
    ) throws -> NeuronPair {
        let (trace, recorded) = try recordingHeads {
            try self.trace(
                text, and: second, heads: AttentionSelection(layers: [head.layer], heads: [head.head]),
                keeping: .attention)
        }
        let (query, key, weight) = try trace.greatestPair(of: kind, head, focus, grain)
        guard let own = recorded[Ablation.Place(kind.rawValue, layer: head.layer)], let scale = own.scale else {
            throw TraceWeightsError.noInnerProducts(view: "neuron", kind: kind.rawValue)
        }
        let keyHead = head.head / (own.query.shape[1] / own.keys.shape[1])
        return try NeuronPair(
            title: trace.title(of: head, kind, focus),
            query: try own.query.at(0).at(head.head).at(query).values,
            key: try own.keys.at(0).at(keyHead).at(key).values,
            scale: scale, weight: weight)
    }
}
