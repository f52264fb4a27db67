import AttentionLayers
import AttentionModels
import AttentionTensors

/// What turns the vectors of pieces into one of a text, and that into another.
enum EmbeddingStage {
    /// What stands for a text, [B, L, M] → [B, M]; several side by side.
    case pooling([Pooling])
    /// activation(W x + b), [B, M] → [B, O].
    case dense(Linear, Activation)
    /// x / |x|.
    case normalize

    /// Which vector stands for a text.
    enum Pooling: String, Sendable, CaseIterable {
        /// That of its first piece.
        case first = "cls"
        /// The greatest number in each place.
        case max
        /// The mean of its pieces.
        case mean
        /// Their sum over the root of their number.
        case meanRoot = "mean_sqrt_len"
        /// That of its last piece.
        case last = "lasttoken"
    }

    /// The stage that a class of sentence-transformers is, its configuration in a folder of its own.
    init(_ name: String, path: String, list: String) throws {
        switch name {
        case "Pooling":
            self = .pooling(try ConfigurationFile.reporting(path + "/config.json") { try Self.poolings(path) })
        case "Dense": self = try ConfigurationFile.reporting(path + "/config.json") { try Self.dense(path) }
        case "Normalize": self = .normalize
        default:
            throw PretrainedError.badConfiguration(
                list, reason: "expected modules Transformer, Pooling, Dense and Normalize, found \(name)")
        }
    }

    private static func poolings(_ path: String) throws -> [Pooling] {
        guard let fields = try ConfigurationFile.fields(path + "/config.json") else { return [.mean] }
        if fields.has("pooling_mode") {
            let names = try fields.strings("pooling_mode")
            return try names.map { name in
                guard let pooling = Pooling(rawValue: name) else {
                    throw PretrainedError.badConfiguration(
                        path + "/config.json",
                        reason: "expected a pooling_mode of \(Pooling.allCases.map(\.rawValue)), found \(name)")
                }
                return pooling
            }
        }
        if try fields.flag("pooling_mode_weightedmean_tokens", default: false) {
            throw PretrainedError.badConfiguration(
                path + "/config.json",
                reason: "expected a pooling of \(Pooling.allCases.map(\.rawValue)), found weightedmean")
        }
        return try Pooling.allCases.filter { pooling in
            let member = "pooling_mode_" + (pooling == .last ? "lasttoken" : pooling.rawValue + "_tokens")
            return try fields.flag(member, default: false)
        }
    }

    private static func dense(_ path: String) throws -> EmbeddingStage {
        let file = path + "/config.json"
        guard let fields = try ConfigurationFile.fields(file) else {
            throw PretrainedError.badConfiguration(file, reason: "expected the sizes of a dense map")
        }
        let map = Linear(
            try fields.size("in_features"), try fields.size("out_features"),
            hasBias: try fields.flag("bias", default: true), key: .blank)
        let weights = try SafetensorsFile(path: path + "/model.safetensors")
        let names = [
            "torch.nn.modules.linear.Identity": Activation.identity, "torch.nn.modules.activation.Tanh": .tanh,
        ]
        let spelling = try fields.string("activation_function", default: "torch.nn.modules.activation.Tanh")
        guard let activation = names[spelling] else {
            throw PretrainedError.badConfiguration(
                file, reason: "expected an activation_function of \(names.keys.sorted()), found \(spelling)")
        }
        return .dense(try map.loaded(from: weights, at: ParameterPath("linear")), activation)
    }

    /// Vectors under this stage.
    func callAsFunction(_ x: Tensor, present: Presence) throws(ShapeError) -> Tensor {
        switch self {
        case .pooling(let poolings):
            var pooled: [Tensor] = []
            for pooling in poolings { pooled.append(try pooling(x, present: present)) }
            return try concatenated(pooled, axis: 1)
        case .dense(let map, let activation): return try map(x, activation: activation)
        case .normalize:
            let norms = try (x * x).sum(axis: 1, keepingAxis: true).squareRoot()
            return x / norms.clamped(to: 1e-12...Float.greatestFiniteMagnitude)
        }
    }
}

extension EmbeddingStage: Module {
    /// `weight` and `bias` of a dense map.
    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        guard case .dense(var map, let activation) = self else { return }
        try map.visit(&visitor, path)
        self = .dense(map, activation)
    }
}

extension EmbeddingStage.Pooling {
    /// [B, L, M] → [B, M]; 0 where a row is empty.
    func callAsFunction(_ x: Tensor, present: Presence) throws(ShapeError) -> Tensor {
        let (rowCount, length, size) = (x.shape[0], x.shape[1], x.shape[2])
        switch self {
        case .first: return try x.first()
        case .mean: return try x.mean(of: present)
        case .meanRoot:
            let roots = try real(present, rowCount, length).map { Float($0.count).squareRoot() }
            return try x.mean(of: present) * Tensor(roots, shape: [rowCount, 1])
        case .max:
            let mask = try present.mask(rowCount: rowCount, length: length).map {
                Mask(shape: [rowCount, 1, length], bytes: $0.bytes)
            }
            return try x.transposed(1, 2).maximum(visible: mask).squeezed(axis: 2)
        case .last:
            let places = try real(present, rowCount, length).enumerated().map {
                $0.offset * length + ($0.element.last ?? 0)
            }
            return try x.clearing(besides: present).reshaped(to: [rowCount * length, size]).rows(
                places, shape: [rowCount])
        }
    }

    /// The real positions of each row.
    private func real(_ present: Presence, _ rowCount: Int, _ length: Int) throws(ShapeError) -> [[Int]] {
        let mask = try present.mask(rowCount: rowCount, length: length)
        return (0..<rowCount).map { row in (0..<length).filter { mask?[row, $0] ?? true } }
    }
}
