public import AttentionLayers
public import AttentionTensors

/// What stands on an encoder of pictures: its task.
public enum ImageHead: Module {
    /// Nothing but the vectors, and of the first a pooled one, tanh(W x + b), if the checkpoint has a pooler.
    case features(Linear?)
    /// Which class a picture is of: W x₁ + b.
    case classes(Linear, labels: [String])
    /// The same with a second opinion, learnt from a teacher: the mean of W x₁ + b and V x₂ + c (Touvron et al. 2021, *DeiT*, sec. 4).
    case taughtClasses(Linear, taught: Linear, labels: [String])

    /// Its outputs by the reference's names, from vectors [B, L, M]; logits come first.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func outputs(_ x: Tensor) throws(ShapeError) -> [NamedTensor] {
        switch self {
        case .features(let pooler):
            guard let pooler else { return [NamedTensor("last_hidden_state", x)] }
            let pooled = try pooler(try x.first(), activation: .tanh)
            return [NamedTensor("last_hidden_state", x), NamedTensor("pooler_output", pooled)]
        case .classes(let output, _): return [NamedTensor("logits", try output(try x.first()))]
        case .taughtClasses(let output, let taught, _):
            let own = try output(try x.first())
            let other = try taught(try x.sliced(axis: 1, 1..<2).squeezed(axis: 1))
            return [
                NamedTensor("logits", (own + other) * 0.5), NamedTensor("cls_logits", own),
                NamedTensor("distillation_logits", other),
            ]
        }
    }

    /// What the classes are called; none for heads without classes.
    public var labels: [String] {
        switch self {
        case .features: []
        case .classes(_, let labels), .taughtClasses(_, _, let labels): labels
        }
    }

    /// `pooler`, `output` and `taught`, as far as there are any.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        switch self {
        case .features(var pooler):
            try pooler.visit(&visitor, path / "pooler")
            self = .features(pooler)
        case .classes(var output, let labels):
            try output.visit(&visitor, path / "output")
            self = .classes(output, labels: labels)
        case .taughtClasses(var output, var taught, let labels):
            try output.visit(&visitor, path / "output")
            try taught.visit(&visitor, path / "taught")
            self = .taughtClasses(output, taught: taught, labels: labels)
        }
    }
}
