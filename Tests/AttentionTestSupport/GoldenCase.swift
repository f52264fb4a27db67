public import AttentionTensors
import FoundationEssentials
public import Testing

/// What one mechanism must compute, gradients included, for given inputs: `NAME.json` and `NAME.safetensors`.
///
/// The expected values come from float64 reference formulas and pass within the tolerances that the case states.
public struct GoldenCase: Sendable {
    /// The files' stem: the mechanism, a hyphen, the variant.
    public let name: String
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
        expectedNames = description.expected
        tolerance = description.tolerance
        tensors = try SafetensorsFile(path: path + ".safetensors")
    }

    /// A tensor of truth values: an input, or `expected.NAME`.
    public func mask(_ name: String) throws -> Mask { try tensors.booleans(named: name) }

    /// How the numbers of an expected tensor are stored.
    public func elementType(of expected: String) throws -> ElementType {
        try tensors.elementType(of: "expected.\(expected)")
    }

    /// Compares one of the expected tensors with what was found, element by element: |found − expected| ≤ atol + rtol · |expected|.
    public func compare(
        _ found: Tensor, with expected: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        compare(found, try tensors.tensor(named: "expected.\(expected)"), expected, sourceLocation)
    }

    private func compare(_ found: Tensor, _ expected: Tensor, _ label: String, _ sourceLocation: SourceLocation) {
        guard found.shape == expected.shape else {
            Issue.record(
                "\(name) \(label): expected \(expected.shape), found \(found.shape)", sourceLocation: sourceLocation)
            return
        }
        let absolute = tolerance.atol(of: label)
        let pairs = zip(found.values, expected.values).enumerated()
        let wrong = pairs.filter { _, pair in
            !(pair.0 == pair.1 || Double(abs(pair.0 - pair.1)) <= absolute + tolerance.rtol * Double(abs(pair.1)))
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
    let expected: [String]
    let tolerance: Tolerance
}

/// How far a float32 result may be from the expected one: atol is one number, or one for each tensor.
private struct Tolerance: Decodable, Sendable {
    let rtol: Double
    private let common: Double
    private let own: [String: Double]

    private enum CodingKeys: String, CodingKey { case rtol, atol }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rtol = try container.decode(Double.self, forKey: .rtol)
        if let number = try? container.decode(Double.self, forKey: .atol) {
            (common, own) = (number, [:])
        } else {
            (common, own) = (0, try container.decode([String: Double].self, forKey: .atol))
        }
    }

    func atol(of name: String) -> Double { own[name] ?? common }
}
