/// The chapters of the encyclopedia.
public enum MechanismFamily: String, Sendable, Hashable, CaseIterable {
    case score = "Scores"
    case scope = "Scopes"
    case modifier = "Modifiers"
    case normalizer = "Normalizers"
    case structured = "Structured attention"
    case sequential = "Sequential attention"
    case heads = "Heads, caches and layers"
    case relativeHeads = "Relative positions and head variants"
    case efficient = "Efficient attention"
    case vision = "Vision and pooling"
    case composition = "Compositions"
    case operators = "ONNX operators"
}
