public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// How much the place i of an image takes from the place j, among N, in a `NonLocalBlock`.
///
/// *Source:* Wang, Girshick, Gupta & He 2018, *Non-local Neural Networks*, eq. 2–5. θ and φ map C channels to A.
public enum PairwiseFunction: Module {
    /// softmax_j(x_i · x_j).
    case gaussian
    /// softmax_j(θ(x_i) · φ(x_j)).
    case embedded(theta: Linear, phi: Linear)
    /// θ(x_i) · φ(x_j) / N.
    case dot(theta: Linear, phi: Linear)
    /// relu(w · [θ(x_i); φ(x_j)]) / N, with w [2A].
    case concatenation(theta: Linear, phi: Linear, weight: Parameter)

    /// The embedded Gaussian from `channelCount` channels to `innerSize`.
    public static func embedded(_ channelCount: Int, innerSize: Int, key: RandomKey) -> PairwiseFunction {
        .embedded(
            theta: Linear(channelCount, innerSize, key: key[0]), phi: Linear(channelCount, innerSize, key: key[1]))
    }

    /// The inner product from `channelCount` channels to `innerSize`.
    public static func dot(_ channelCount: Int, innerSize: Int, key: RandomKey) -> PairwiseFunction {
        .dot(theta: Linear(channelCount, innerSize, key: key[0]), phi: Linear(channelCount, innerSize, key: key[1]))
    }

    /// The concatenation from `channelCount` channels to `innerSize`.
    public static func concatenation(_ channelCount: Int, innerSize: Int, key: RandomKey) -> PairwiseFunction {
        .concatenation(
            theta: Linear(channelCount, innerSize, key: key[0]), phi: Linear(channelCount, innerSize, key: key[1]),
            weight: Parameter(.glorot([2 * innerSize], key: key[2])))
    }

    /// What is compared by inner product and softmax, if that is what f does: two tensors [B, N, A].
    func softmaxOperands(_ places: Tensor) throws(ShapeError) -> (query: Tensor, key: Tensor)? {
        switch self {
        case .gaussian: (places, places)
        case .embedded(let theta, let phi): (try theta(places), try phi(places))
        case .dot, .concatenation: nil
        }
    }

    /// Places [B, N, C] → weights [B, N, N].
    func weights(_ places: Tensor) throws(ShapeError) -> Tensor {
        let share = 1 / Float(max(1, places.shape[1]))
        switch self {
        case .gaussian: return try matmul(places, places.transposed()).softmax()
        case .embedded(let theta, let phi):
            return try matmul(try theta(places), try phi(places).transposed()).softmax()
        case .dot(let theta, let phi): return try matmul(try theta(places), try phi(places).transposed()) * share
        case .concatenation(let theta, let phi, let weight):
            let (query, key) = (try theta(places), try phi(places))
            let (weight, size) = (weight.tensor, query.shape[2])
            try weight.requireShape([size + key.shape[2]], "a weight", in: "nonLocal")
            let left = try matmul(query, try weight.sliced(axis: 0, 0..<size).unsqueezed(axis: 1))  // [B, N, 1]
            let right = try matmul(key, try weight.sliced(axis: 0, size..<weight.shape[0]).unsqueezed(axis: 1))
            return (left + right.transposed()).relu() * share
        }
    }

    /// `theta.…`, `phi.…` and `concat.weight`, as far as there are any.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        switch self {
        case .gaussian: break
        case .embedded(var theta, var phi):
            try theta.visit(&visitor, path / "theta")
            try phi.visit(&visitor, path / "phi")
            self = .embedded(theta: theta, phi: phi)
        case .dot(var theta, var phi):
            try theta.visit(&visitor, path / "theta")
            try phi.visit(&visitor, path / "phi")
            self = .dot(theta: theta, phi: phi)
        case .concatenation(var theta, var phi, var weight):
            try theta.visit(&visitor, path / "theta")
            try phi.visit(&visitor, path / "phi")
            try weight.visit(&visitor, path / "concat" / "weight")
            self = .concatenation(theta: theta, phi: phi, weight: weight)
        }
    }
}

extension PairwiseFunction {
    /// The functions as options name them.
    enum Name: String, CaseIterable {
        case gaussian, embedded, dot, concatenation
    }

    /// The function that the option `pairwise` names, with its parameters.
    init(of request: Request) throws {
        let name: Name = try request.options.choice("pairwise")
        guard name != .gaussian else {
            self = .gaussian
            return
        }
        let (theta, phi) = (try request.linear(withBias: "theta"), try request.linear(withBias: "phi"))
        self =
            switch name {
            case .gaussian: .gaussian
            case .embedded: .embedded(theta: theta, phi: phi)
            case .dot: .dot(theta: theta, phi: phi)
            case .concatenation:
                .concatenation(theta: theta, phi: phi, weight: Parameter(try request.tensor("concat.weight")))
            }
    }
}
