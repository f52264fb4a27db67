/// What there is to know of a score, modifier, scope or normalizer, said once, beside it.
public struct PartDescriptor<Part: Sendable>: Sendable {
    /// The name in specifications and configurations: `additive`.
    public let name: String
    /// The field's term: "Additive".
    public let title: String
    /// What kind of part it is.
    public let family: MechanismFamily
    /// The formula, in plain text.
    public let formula: String
    /// Time and memory, in the catalogue's letters: Q queries, K keys, D head size.
    public let cost: String
    /// When to take it, in a sentence or two.
    public let use: String
    /// Authors, year, title, and where in the paper.
    public let source: String
    /// The options that it takes.
    public let options: [OptionDescriptor]
    /// How a model gets one; nil for what no model chooses by name.
    package let fresh: Fresh<Part>?
    /// What can be looked at of it without any attention.
    let aside: Aside?
    /// The part at work.
    let example: PartExample
    /// Makes the part from the options and tensors of a request.
    package let make: @Sendable (Request) throws -> Part

    /// A part of this family.
    package init(
        _ name: String, _ title: String, _ family: MechanismFamily, formula: String, cost: String, use: String,
        source: String, options: [OptionDescriptor] = [], fresh: Fresh<Part>? = nil, aside: Aside? = nil,
        example: PartExample = PartExample(), make: @escaping @Sendable (Request) throws -> Part
    ) {
        self.name = name
        self.title = title
        self.family = family
        self.formula = formula
        self.cost = cost
        self.use = use
        self.source = source
        self.options = options
        self.fresh = fresh
        self.aside = aside
        self.example = example
        self.make = make
    }
}

/// What can be computed of a part without attention: ALiBi's slopes, T5's buckets.
package struct Aside: Sendable {
    /// The options that ask for it, the first of them always.
    let options: [OptionDescriptor]
    let compute: @Sendable (Request) throws -> Outputs

    /// Outputs that are asked for by `options`, whose first is always there.
    init(_ options: [OptionDescriptor], compute: @escaping @Sendable (Request) throws -> Outputs) {
        self.options = options
        self.compute = compute
    }

    func isAskedFor(by request: Request) -> Bool { options.first.map { request.options.contains($0.name) } ?? false }
}
