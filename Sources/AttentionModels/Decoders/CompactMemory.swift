public import AttentionDecoding
public import AttentionMechanisms
public import AttentionTensors

/// A language model that remembers in fewer bits: keys and values take a half or a quarter of the memory, and long texts that much less time
/// to look back at. What it writes changes by what rounding does, see `PageFormat`.
///
/// ```swift
/// let model = CompactMemory(base, .bfloat16)
/// ```
public struct CompactMemory<Base: LanguageModel>: WrappingModel {
    public typealias State = Base.State

    /// What reads and says what may come next.
    public private(set) var base: Base
    public let pageFormat: PageFormat

    /// A model that remembers in this format.
    public init(_ base: Base, _ format: PageFormat) { (self.base, pageFormat) = (base, format) }

    public func start(rowCount: Int, format: PageFormat) -> State { base.start(rowCount: rowCount, format: format) }

    public func step(
        _ tokens: [[Int]], _ state: inout State, wanting outputs: DecoderOutputs
    ) throws(ShapeError) -> DecoderStep {
        try base.step(tokens, &state, wanting: outputs)
    }

    /// Those of the base.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try base.visit(&visitor, path)
    }
}
