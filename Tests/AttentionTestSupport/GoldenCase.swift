public import AttentionTensors
import FoundationEssentials
public import Testing

/// What one mechanism must compute, gradients included, for given inputs: `NAME.json` and `NAME.safetensors`.
///
/// The expected values come from float64 reference formulas and pass within the tolerances that the case states.
public struct GoldenCase: Sendable {
    /// The files' stem: the mechanism, a hyphen, the variant.
    public let name: String
    /// What the mechanism is told.
    public let options: OptionValue
    /// The names of the input tensors.
    public let inputNames: [String]
    /// The names of the parameter tensors.
    public let parameterNames: [String]
    /// The names of the outputs, and `grad.NAME` for the gradients of inputs and parameters.
    public let expectedNames: [String]
    private let tolerance: Tolerance
    private let tensors: SafetensorsFile

    /// Reads the case at this place.
    public init(_ location: GoldenCaseLocation) throws {
        let path = location.folder + "/" + location.name
        let description = try JSONDecoder().decode(
            Description.self, from: Data(contentsOf: URL(filePath: path + ".json")))
        name = description.name
        options = description.options
        inputNames = description.inputs
        parameterNames = description.parameters
        expectedNames = description.expected
        tolerance = description.tolerance
        tensors = try SafetensorsFile(path: path + ".safetensors")
    }

    /// Whether there is an input or a parameter of this name.
    public func contains(_ name: String) -> Bool { tensors.contains(name) }
    /// An input, a parameter, `upstream.NAME` or `expected.NAME`.
    public func tensor(_ name: String) throws -> Tensor { try tensors.tensor(named: name) }
    /// An input of integers.
    public func integers(_ name: String) throws -> [Int] { try tensors.integers(named: name) }
    /// An input of truth values.
    public func mask(_ name: String) throws -> Mask { try tensors.booleans(named: name) }

    /// Compares everything expected with what was found: the outputs, and the gradients of Σ ⟨upstream, output⟩.
    ///
    /// - Parameters:
    ///   - outputs: By name; those not expected are ignored.
    ///   - leaves: The tracked inputs and parameters by name. One that no output depends on has a gradient of zeros.
    ///   - missing: Outputs that need not be there.
    public func check(
        outputs: [String: Tensor], leaves: [String: Tensor], missing: Set<String> = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var loss = Tensor(0)
        for (output, tensor) in outputs where contains("upstream.\(output)") {
            loss = loss + (tensor * (try self.tensor("upstream.\(output)"))).sum()
        }
        let gradients = try loss.gradients()
        for expected in expectedNames where !missing.contains(expected) {
            let found: Tensor?
            if expected.hasPrefix("grad.") {
                found = leaves[String(expected.dropFirst(5))].map { gradients[$0] ?? .zeros($0.shape) }
            } else {
                found = outputs[expected]
            }
            let tensor = try #require(found, "\(name): no \(expected)", sourceLocation: sourceLocation)
            compare(tensor, try self.tensor("expected.\(expected)"), expected, sourceLocation)
        }
    }

    /// Compares one of the expected tensors with what was found, element by element: |found − expected| ≤ atol + rtol · |expected|.
    public func compare(
        _ found: Tensor, with expected: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        compare(found, try tensor("expected.\(expected)"), expected, sourceLocation)
    }

    private func compare(_ found: Tensor, _ expected: Tensor, _ label: String, _ sourceLocation: SourceLocation) {
        guard found.shape == expected.shape else {
            Issue.record(
                "\(name) \(label): expected \(expected.shape), found \(found.shape)", sourceLocation: sourceLocation)
            return
        }
        let absolute = tolerance.atol[label] ?? 0
        let pairs = zip(found.values, expected.values).enumerated()
        let wrong = pairs.filter { _, pair in
            !(Double(abs(pair.0 - pair.1)) <= absolute + tolerance.rtol * Double(abs(pair.1)))
        }
        guard let first = wrong.first else { return }
        Issue.record(
            """
            \(name) \(label): \(wrong.count) of \(expected.shape.elementCount) differ; at \(first.offset) expected \
            \(first.element.1) ± \(absolute), found \(first.element.0)
            """, sourceLocation: sourceLocation)
    }
}

/// The case's JSON file.
private struct Description: Decodable {
    let name: String
    let options: OptionValue
    let inputs: [String]
    let parameters: [String]
    let expected: [String]
    let tolerance: Tolerance
}

/// How far a float32 result may be from the expected one.
private struct Tolerance: Decodable, Sendable {
    let rtol: Double
    let atol: [String: Double]
}
