/// What there is to know of one mechanism, said once, beside it: its page in the encyclopedia, its options, how it is computed from named
/// tensors, and an example.
public struct MechanismDescriptor: Sendable {
    /// The name in specifications and configurations: `location_sensitive`.
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
    /// The options that are its own.
    public let options: [OptionDescriptor]
    /// The options that a specification of it may hold: its own, or those of attention that a part is composed in.
    package let accepted: [OptionDescriptor]
    /// Where it looks on the words of a sentence; nil if there is nothing to see.
    package let example: Example?
    /// Computes all outputs from the options and tensors of a request.
    package let compute: @Sendable (Request) throws -> Outputs

    /// A mechanism.
    /// - Parameter accepted: the options that a specification may hold, if these are not its own.
    package init(
        _ name: String, _ title: String, _ family: MechanismFamily, formula: String, cost: String, use: String,
        source: String, options: [OptionDescriptor] = [], accepting accepted: [OptionDescriptor]? = nil,
        example: Example? = nil, compute: @escaping @Sendable (Request) throws -> Outputs
    ) {
        self.name = name
        self.title = title
        self.family = family
        self.formula = formula
        self.cost = cost
        self.use = use
        self.source = source
        self.options = options
        self.accepted = accepted ?? options
        self.example = example
        self.compute = compute
    }
}
