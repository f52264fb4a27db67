package import AttentionTensors

/// What an optimizer remembers: how many steps it has taken, and some tensors for each parameter that has had a gradient.
public struct OptimizerState: Sendable {
    /// t, how many steps have been taken.
    public package(set) var stepCount = 0
    /// By parameter name, in the order of `Optimizer.memory(of:named:)`.
    package var tensors: [String: [Tensor]] = [:]

    /// The state before the first step.
    public init() {}

    /// What it is of the elements of a share.
    /// - Precondition: what is remembered of a piece that is cut has its parameter's shape.
    func part(_ share: ParameterShare) -> OptimizerState {
        guard case .pieces(let pieces) = share else { return self }
        var part = OptimizerState()
        part.stepCount = stepCount
        for (name, piece) in pieces where tensors[name] != nil {
            part.tensors[name] = piece.isWhole ? tensors[name] : tensors[name]?.map { $0.part(piece) }
        }
        return part
    }
}

extension Optimizer {
    /// What the names of its tensors begin with in checkpoints.
    package static var pathPrefix: String { name + "." }

    private static func savedName(_ memory: ParameterMemory, of parameter: String) -> String {
        pathPrefix + memory.name + "." + parameter
    }

    /// Everything it remembers of a model's parameters, with the names checkpoints have for it.
    package func savedTensors(of model: some Module) -> [(name: String, tensor: Tensor)] {
        model.parameters().flatMap { name, parameter in
            zip(memory(of: parameter.shape, named: name), state.tensors[name] ?? []).map {
                (Self.savedName($0, of: name), $1)
            }
        }
    }

    /// Goes back to where it was when the tensors in `file` were saved.
    ///
    /// - Throws: `TrainingError.unfitCheckpoint` if a tensor is missing or has another shape.
    package mutating func restore(from file: SafetensorsFile, stepCount: Int, of model: some Module) throws {
        state = OptimizerState()
        state.stepCount = stepCount
        for (name, parameter) in model.parameters() {
            let expected = memory(of: parameter.shape, named: name)
            // Nothing is remembered of a parameter that has had no gradient yet.
            guard expected.contains(where: { file.contains(Self.savedName($0, of: name)) }) else { continue }
            state.tensors[name] = try expected.map { try Self.tensor($0, of: name, in: file) }
        }
    }

    private static func tensor(
        _ memory: ParameterMemory, of parameter: String, in file: SafetensorsFile
    ) throws -> Tensor {
        let name = savedName(memory, of: parameter)
        guard file.contains(name) else {
            throw TrainingError.unfitCheckpoint(path: file.source, expected: name, found: "none")
        }
        let tensor = try file.tensor(named: name)
        guard tensor.shape == memory.shape else {
            throw TrainingError.unfitCheckpoint(
                path: file.source, expected: "\(name) of shape \(memory.shape)", found: "\(tensor.shape)")
        }
        return tensor
    }
}
