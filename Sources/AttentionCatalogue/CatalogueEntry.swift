/// One mechanism: a row of the encyclopedia, and the way to compute it.
public struct CatalogueEntry: Sendable {
    /// The name in specifications: `location_sensitive`.
    public let name: String
    /// The field's term: "Location-sensitive attention".
    public let title: String
    /// What kind of thing it is.
    public let family: MechanismFamily
    /// The formula, in plain text.
    public let formula: String
    /// Time and memory, in the catalogue's letters: Q queries, K keys, D head size.
    public let cost: String
    /// When to take it, in a sentence or two.
    public let use: String
    /// Authors, year, title, and where in the paper.
    public let source: String
    /// Computes all outputs from the options and tensors of a request.
    package let compute: @Sendable (Request) throws -> Outputs
    package init(
        _ name: String, _ title: String, _ family: MechanismFamily, formula: String, cost: String, use: String,
        source: String, compute: @escaping @Sendable (Request) throws -> Outputs
    ) {
        self.name = name
        self.title = title
        self.family = family
        self.formula = formula
        self.cost = cost
        self.use = use
        self.source = source
        self.compute = compute
    }
}

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
