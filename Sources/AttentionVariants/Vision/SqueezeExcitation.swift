public import AttentionLayers
public import AttentionTensors

/// Channels weighted by what the whole image holds: x_c · s_c with s = σ(W₂ relu(W₁ z + b₁) + b₂), z the channels' means.
///
/// *Source:* Hu, Shen & Sun 2018, *Squeeze-and-Excitation Networks*, eq. 2–4.
public struct SqueezeExcitation: Module {
    /// W₁ and b₁, from C channels to fewer.
    public var fc1: Linear
    /// W₂ and b₂, back to C.
    public var fc2: Linear

    /// A block of these maps.
    public init(fc1: Linear, fc2: Linear) {
        self.fc1 = fc1
        self.fc2 = fc2
    }

    /// A block for `channelCount` channels, squeezed to `reducedSize` (a sixteenth in the paper).
    public init(_ channelCount: Int, reducedSize: Int, key: RandomKey) {
        self.init(
            fc1: Linear(channelCount, reducedSize, key: key[0]), fc2: Linear(reducedSize, channelCount, key: key[1]))
    }

    /// Images [B, C, H, W] weighted, and the weights s [B, C].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let axes = try ImageAxes(of: x, for: "squeezeExcitation")
        let weights = try fc2(try fc1(try axes.means(of: x), activation: .relu)).sigmoid()
        return (try axes.scaled(x, by: weights, for: "squeezeExcitation"), weights)
    }

    /// `fc1.…` and `fc2.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try fc1.visit(&visitor, path / "fc1")
        try fc2.visit(&visitor, path / "fc2")
    }
}
