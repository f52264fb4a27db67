import Attention
public import AttentionCatalogue
public import AttentionInspection
import AttentionVariants

extension Encyclopedia {
    /// The picture of a mechanism as a trace, which the inspector page opens: trees as arcs, selections as segments; nil if it has no picture.
    /// - Throws: what computing its example throws.
    public func trace(of entry: MechanismDescriptor) throws -> ModelTrace? {
        guard let picture = try picture(of: entry) else { return nil }
        // Trees are drawn heads first, but words look at their heads.
        let matrix = entry.structure == .arcs ? picture.transposed : picture
        let isOfOneText = matrix.source == matrix.target
        return try ModelTrace(
            name: entry.title,
            sequences: isOfOneText
                ? [try TracedSequence(name: "text", pieces: matrix.source)]
                : [
                    try TracedSequence(name: "source", pieces: matrix.source),
                    try TracedSequence(name: "target", pieces: matrix.target),
                ],
            attention: [
                TracedAttention(
                    kind: isOfOneText ? .encoder : .cross, queries: isOfOneText ? 0 : 1, keys: 0, layers: [0],
                    heads: [0], structure: entry.structure, weights: matrix.weights.flatMap { $0.map { max(0, $0) } })
            ])
    }
}

extension MechanismDescriptor {
    /// What its weights are probabilities of; nil where they are shares of attention.
    fileprivate var structure: TracedAttention.Structure? {
        switch name {
        case DependencyAttention.overProjectiveTrees.name, DependencyAttention.overNonprojectiveTrees.name: .arcs
        case SegmentationAttention.descriptor.name: .segments
        default: nil
        }
    }
}
