import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// Places weighted by how they agree with a coarser signal: x_p · α_p with α = σ(ψ · relu(W_x x_p + W_g g_p + b_g) + b_ψ).
///
/// The signal g stands on the grid of x: one from a coarser level is resampled first.
///
/// *Source:* Oktay et al. 2018, *Attention U-Net: Learning Where to Look for the Pancreas*, eq. 1–2.
public struct AttentionGate: Module {
    /// W_x, [A, C].
    public var inputWeight: Parameter
    /// W_g, [A, Cg].
    public var gateWeight: Parameter
    /// b_g, [A].
    public var gateBias: Parameter
    /// ψ, [A].
    public var vector: Parameter
    /// b_ψ, [1].
    public var vectorBias: Parameter

    /// A gate with these parameters.
    public init(inputWeight: Tensor, gateWeight: Tensor, gateBias: Tensor, vector: Tensor, vectorBias: Tensor) {
        self.inputWeight = Parameter(inputWeight)
        self.gateWeight = Parameter(gateWeight)
        self.gateBias = Parameter(gateBias)
        self.vector = Parameter(vector)
        self.vectorBias = Parameter(vectorBias)
    }

    /// A gate for images of `channelCount` channels and signals of `gateChannelCount`.
    public init(_ channelCount: Int, gateChannelCount: Int, hiddenSize: Int, key: RandomKey) {
        self.init(
            inputWeight: .glorot([hiddenSize, channelCount], key: key[0]),
            gateWeight: .glorot([hiddenSize, gateChannelCount], key: key[1]), gateBias: .zeros([hiddenSize]),
            vector: .glorot([hiddenSize], key: key[2]), vectorBias: .zeros([1]))
    }

    /// Images [B, C, H, W] weighted, and the weights α [B, 1, H, W], given the signal [B, Cg, H, W].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ x: Tensor, gate: Tensor) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let axes = try ImageAxes(of: x, for: "attentionGate")
        let gateAxes = try ImageAxes(of: gate, for: "attentionGate")
        try gate.requireShape(
            [axes.batch, gateAxes.channelCount, axes.height, axes.width], "a gate", in: "attentionGate")
        let hiddenSize = vector.shape.elementCount
        try vector.tensor.requireShape([hiddenSize], "a vector", in: "attentionGate")
        guard inputWeight.shape.rank == 2, gateWeight.shape.rank == 2, inputWeight.shape[0] == hiddenSize,
            gateWeight.shape[0] == hiddenSize
        else {
            throw ShapeError(
                "attentionGate", expected: "weights [\(hiddenSize), C] and [\(hiddenSize), Cg]",
                found: "\(inputWeight.shape) and \(gateWeight.shape)")
        }
        let signal = try linear(try axes.positions(of: gate), weight: gateWeight, bias: gateBias)
        let hidden = (try linear(try axes.positions(of: x), weight: inputWeight) + signal).relu()  // [B, N, A]
        let scores = try linear(hidden, weight: try vector.reshaped(to: [1, -1]), bias: vectorBias)
        let weights = try axes.images(positions: scores.sigmoid())
        return (x * weights, weights)
    }

    /// `weight_x`, `weight_g`, `bias_g`, `psi` and `bias_psi`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try inputWeight.visit(&visitor, path / "weight_x")
        try gateWeight.visit(&visitor, path / "weight_g")
        try gateBias.visit(&visitor, path / "bias_g")
        try vector.visit(&visitor, path / "psi")
        try vectorBias.visit(&visitor, path / "bias_psi")
    }
}

extension AttentionGate {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "attention_gate", "Attention gate", .vision,
        formula: "y = x · α, α = σ(ψ · relu(W_x x + W_g g + b_g) + b_ψ) at each place",
        cost: "O(H W A (C + C_g)) time",
        use: "Skip connections of a U-Net: the coarser level says which places of the finer one are worth keeping.",
        source: "Oktay et al. 2018, Attention U-Net, eq. 1–2",
        example: Example {
            ["input": .real($0.image()), "gate": .real($0.parameter("gate", [1, 4, 6, 6]) * 2)]
                + $0.parameters(["weight_x": [4, 8], "weight_g": [4, 4], "bias_g": [4], "psi": [4], "bias_psi": [1]])
        }
    ) { request in
        let block = AttentionGate(
            inputWeight: try request.tensor("weight_x"), gateWeight: try request.tensor("weight_g"),
            gateBias: try request.tensor("bias_g"), vector: try request.tensor("psi"),
            vectorBias: try request.tensor("bias_psi"))
        let (output, weights) = try block(try request.tensor("input"), gate: try request.tensor("gate"))
        return ["output": .real(output), "weights": .real(weights)]
    }
}
