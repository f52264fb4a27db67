public import AttentionLayers
public import AttentionTensors

/// What stands on an encoder: its task.
public enum EncoderHead: Module {
    /// Nothing but the vectors, and of the first id a pooled one, tanh(W x + b), if the checkpoint has a pooler.
    case features(Linear?)
    /// Which word stands at every id.
    case maskedTokens(MaskedTokenHead)
    /// Which class a row is of.
    case sequences(SequenceHead)
    /// Which class every id is of.
    case tokens(TokenHead)
    /// Where an answer begins and ends.
    case spans(TokenHead)
    /// Whether every id was replaced (ELECTRA's discriminator).
    case replacedTokens(ReplacedTokenHead)

    /// Its outputs by the reference's names.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func outputs(_ x: Tensor, _ batch: TokenBatch, words: Embedding) throws(ShapeError) -> [NamedTensor] {
        switch self {
        case .features(let pooler):
            guard let pooler else { return [NamedTensor("last_hidden_state", x)] }
            let pooled = try pooler(try x.first(), activation: .tanh)
            return [NamedTensor("last_hidden_state", x), NamedTensor("pooler_output", pooled)]
        case .maskedTokens(let head): return [NamedTensor("logits", try head(x, words: words))]
        case .sequences(let head): return [NamedTensor("logits", try head(x, present: batch.present))]
        case .tokens(let head): return [NamedTensor("logits", try head(x))]
        case .spans(let head):
            let ends = try head(x)  // [B, L, 2]
            return [
                NamedTensor("start_logits", try ends.sliced(axis: 2, 0..<1).squeezed(axis: 2)),
                NamedTensor("end_logits", try ends.sliced(axis: 2, 1..<2).squeezed(axis: 2)),
            ]
        case .replacedTokens(let head): return [NamedTensor("logits", try head(x))]
        }
    }

    /// The probability of dropping what the last map of a head for classes reads; 0 for other heads.
    var dropout: Float {
        get {
            switch self {
            case .sequences(let head): head.dropout
            case .tokens(let head), .spans(let head): head.dropout
            case .features, .maskedTokens, .replacedTokens: 0
            }
        }
        set {
            switch self {
            case .sequences(var head):
                head.dropout = newValue
                self = .sequences(head)
            case .tokens(var head):
                head.dropout = newValue
                self = .tokens(head)
            // BERT's head for answers drops nothing.
            case .spans, .features, .maskedTokens, .replacedTokens: break
            }
        }
    }

    /// What the classes are called; none for heads without classes of one's own.
    public var labels: [String] {
        switch self {
        case .sequences(let head): head.labels
        case .tokens(let head): head.labels
        case .spans, .features, .maskedTokens, .replacedTokens: []
        }
    }

    /// `pooler`, or the head's own.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        switch self {
        case .features(var pooler):
            try pooler.visit(&visitor, path / "pooler")
            self = .features(pooler)
        case .maskedTokens(var head):
            try head.visit(&visitor, path)
            self = .maskedTokens(head)
        case .sequences(var head):
            try head.visit(&visitor, path)
            self = .sequences(head)
        case .tokens(var head):
            try head.visit(&visitor, path)
            self = .tokens(head)
        case .spans(var head):
            try head.visit(&visitor, path)
            self = .spans(head)
        case .replacedTokens(var head):
            try head.visit(&visitor, path)
            self = .replacedTokens(head)
        }
    }
}

extension Tensor {
    /// [B, L, M] → [B, M], the vectors of the first ids.
    package func first() throws(ShapeError) -> Tensor { try sliced(axis: 1, 0..<1).squeezed(axis: 1) }
}
