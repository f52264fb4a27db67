public import AttentionMechanisms
public import AttentionTensors

/// What is to be computed: a mechanism, its options, and which of its outputs are wanted.
///
///     {"mechanism": "scaled_dot", "options": {"scopes": [{"kind": "causal"}]}, "expected": ["output", "grad.query"]}
public struct Specification: Sendable, Decodable {
    /// The mechanism's name.
    public var mechanism: String
    /// What it is told.
    public var options: [String: OptionValue]
    /// The outputs wanted, and gradients as `grad.query`; all there are if it is missing.
    public var expected: [String]?

    private enum CodingKeys: String, CodingKey { case mechanism, options, expected }
    /// What the files of golden cases say besides, for people and for those who compare.
    private enum Note: String, CodingKey, CaseIterable {
        case name, note, reference, inputs, parameters, upstream, float64, tolerance
    }

    /// A specification of a mechanism.
    public init(mechanism: String, options: [String: OptionValue] = [:], expected: [String]? = nil) {
        self.mechanism = mechanism
        self.options = options
        self.expected = expected
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        mechanism = try container.decode(String.self, forKey: .mechanism)
        options = try container.decodeIfPresent([String: OptionValue].self, forKey: .options) ?? [:]
        expected = try container.decodeIfPresent([String].self, forKey: .expected)
        let notes = try decoder.container(keyedBy: Note.self)
        for note in Note.allCases { _ = notes.contains(note) }
    }

    /// Computes the mechanism's outputs and, if wanted, the gradients of Σ ⟨upstream.X, X⟩ over the outputs X whose upstream gradient is given.
    ///
    /// Gradients are named `grad.` and the tensor's name; a tensor that the outputs do not depend on has a gradient of zeros.
    /// - Parameters:
    ///   - tensors: inputs, parameters and upstream gradients by name; others are ignored.
    ///   - withGradients: whether gradients are computed.
    ///   - catalogue: where the mechanism is looked up.
    /// - Throws: `RequestError`, `ShapeError` or `SafetensorsError`: the first thing that does not fit. Options that the mechanism does
    ///   not take are refused, and so is an expected gradient if none are computed.
    public func compute(
        _ tensors: SafetensorsFile, withGradients: Bool = true, in catalogue: Catalogue = .mechanisms
    ) throws -> Outputs {
        if !withGradients, let gradient = expected?.first(where: { $0.hasPrefix("grad.") }) {
            throw RequestError.gradientNotComputed(gradient)
        }
        let entry = try catalogue.entry(named: mechanism)
        let request = try Request(
            entry, options: options, tensors: tensors, isDifferentiated: withGradients,
            wanting: wanted(tensors, withGradients))
        var outputs = try entry.compute(request)
        if withGradients {
            let gradients = try gradients(of: outputs, tensors)
            for (name, leaf) in request.leaves {
                outputs["grad.\(name)"] = .real(gradients?[leaf] ?? .zeros(leaf.shape))
            }
        }
        guard let expected else { return outputs }
        for name in expected where outputs[name] == nil {
            throw RequestError.unknown(kind: "output of \(mechanism)", name: name, known: outputs.keys.sorted())
        }
        return outputs.filter { expected.contains($0.key) }
    }

    /// The outputs that are looked at: those expected, and those whose upstream gradient is given; nil for all.
    private func wanted(_ tensors: SafetensorsFile, _ withGradients: Bool) -> Set<String>? {
        guard let expected else { return nil }
        let upstream = tensors.names.filter { withGradients && $0.hasPrefix("upstream.") }.map { $0.dropFirst(9) }
        return Set(expected.filter { !$0.hasPrefix("grad.") }).union(upstream.map(String.init))
    }

    private func gradients(of outputs: Outputs, _ tensors: SafetensorsFile) throws -> Gradients? {
        var loss: Tensor?
        for (name, value) in outputs.sorted(by: { $0.key < $1.key }) {
            guard let output = value.tensor, tensors.contains("upstream.\(name)") else { continue }
            let upstream = try tensors.tensor(named: "upstream.\(name)")
            guard upstream.shape == output.shape else {
                throw RequestError.unfitTensor(
                    "upstream.\(name)", expected: "the shape \(output.shape) of the output", found: "\(upstream.shape)")
            }
            let term = (output * upstream).sum()
            loss = loss.map { $0 + term } ?? term
        }
        if loss == nil, expected?.contains(where: { $0.hasPrefix("grad.") }) ?? true,
            let first = outputs.filter({ $0.value.tensor?.isTracked == true }).keys.min()
        {
            throw RequestError.missingTensor(
                "upstream.\(outputs["output"] == nil ? first : "output")", mechanism: mechanism, source: tensors.source)
        }
        return try loss?.gradients()
    }
}
