public import AttentionTensors

/// All actions are as good to it.
public struct RandomPolicy: Policy {
    private let actionCount: Int

    public static let remembers = false

    /// A policy of so many actions.
    public init(actionCount: Int) { self.actionCount = actionCount }

    public func begin(_ episodeCount: Int) {}

    public func step(
        _ observations: Tensor, _ recollection: inout Void, begins: [Bool]
    ) throws(ShapeError) -> PolicyOutput { try read(observations) }

    public func read(_ observations: Tensor) throws(ShapeError) -> PolicyOutput {
        let leading = Array(observations.shape.dimensions.dropLast())
        return PolicyOutput(logits: .zeros(Shape(leading + [actionCount])), values: .zeros(Shape(leading)))
    }

    /// Nothing.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}
