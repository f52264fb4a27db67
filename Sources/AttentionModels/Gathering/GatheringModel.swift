public import AttentionDecoding
public import AttentionMechanisms
public import AttentionTensors

/// A language model that several threads step at once: what they want at about the same time is read together, so that the weights pass
/// through the processor once for all of them.
///
/// Whoever writes a text does it as if the model were there for it alone, by any search, and may begin and end at any step of the others.
/// What it reads and writes does not depend on them. A long prompt is read in pieces between the steps of the others, which therefore wait
/// for no more than a piece.
///
/// ```swift
/// let model = GatheringModel(base)          // copies share their company
/// ```
///
/// *Source:* Yu et al. 2022, *Orca: A Distributed Serving System for Transformer-Based Generative Models*, sec. 4.1 (iteration-level
/// scheduling); Agrawal et al. 2023, *SARATHI*, sec. 4.2 (prompts in chunks).
public struct GatheringModel<Base: LanguageModel>: WrappingModel {
    public typealias State = Base.State

    /// What reads and says what may come next.
    public private(set) var base: Base
    private var company: GatheredCalls<GatheredStep<Base>>

    /// A model whose copies, from now on, step together.
    public init(_ base: Base) { (self.base, company) = (base, Self.company(base)) }

    private static func company(_ base: Base) -> GatheredCalls<GatheredStep<Base>> {
        base.dependsOnLongestText
            ? GatheredCalls { steps in GatheredStep.advanceApart(&steps, base) }
            : GatheredCalls { steps in GatheredStep.advanceTogether(&steps, base) }
    }

    public func start(rowCount: Int, format: PageFormat) -> State { base.start(rowCount: rowCount, format: format) }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try company.step(tokens, &state, of: base, wanting: outputs)
    }

    /// Those of the base. Whoever visits leaves its company, since its weights may be others afterwards.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        defer { company = Self.company(base) }
        try base.visit(&visitor, path)
    }
}
