public import AttentionLayers
public import AttentionTensors

/// What stands on an encoder of pictures: its task.
public enum ImageHead: Module {
    /// Nothing but the vectors, and one of all of them if the checkpoint has a way to get it.
    case features(ImagePooling?)
    /// Which class a picture is of: W x + b, x one vector of all.
    case classes(ImagePooling, Linear, labels: [String])
    /// The same with a second opinion, learnt from a teacher: the mean of W x₁ + b and V x₂ + c (Touvron et al. 2021, *DeiT*, sec. 4).
    case taughtClasses(Linear, taught: Linear, labels: [String])

    /// Its outputs by the reference's names, from vectors [B, L, M]; logits come first.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func outputs(_ x: Tensor) throws(ShapeError) -> [NamedTensor] {
        switch self {
        case .features(let pooling):
            guard let pooling else { return [NamedTensor("last_hidden_state", x)] }
            return [NamedTensor("last_hidden_state", x), NamedTensor("pooler_output", try pooling(x))]
        case .classes(let pooling, let output, _): return [NamedTensor("logits", try output(try pooling(x)))]
        case .taughtClasses(let output, let taught, _):
            let own = try output(try x.first())
            let other = try taught(try x.sliced(axis: 1, 1..<2).squeezed(axis: 1))
            return [
                NamedTensor("logits", (own + other) * 0.5), NamedTensor("cls_logits", own),
                NamedTensor("distillation_logits", other),
            ]
        }
    }

    /// Whether the head chooses itself where to look.
    var looks: Bool {
        if case .classes(.attentive, _, _) = self { true } else { false }
    }

    /// Where it looks, [B, 1, 1, L]; nil if it does not choose.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func weights(_ x: Tensor) throws(ShapeError) -> Tensor? {
        guard case .classes(let pooling, _, _) = self, let weights = try pooling.weights(x) else { return nil }
        return try weights.detached().reshaped(to: [x.shape[0], 1, 1, x.shape[1]])
    }

    /// What the classes are called; none for heads without classes.
    public var labels: [String] {
        switch self {
        case .features: []
        case .classes(_, _, let labels), .taughtClasses(_, _, let labels): labels
        }
    }

    /// `pooler`, `output` and `taught`, as far as there are any.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        switch self {
        case .features(var pooling):
            try pooling.visit(&visitor, path / "pooler")
            self = .features(pooling)
        case .classes(var pooling, var output, let labels):
            try pooling.visit(&visitor, path / "pooler")
            try output.visit(&visitor, path / "output")
            self = .classes(pooling, output, labels: labels)
        case .taughtClasses(var output, var taught, let labels):
            try output.visit(&visitor, path / "output")
            try taught.visit(&visitor, path / "taught")
            self = .taughtClasses(output, taught: taught, labels: labels)
        }
    }
}
