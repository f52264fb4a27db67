/// Gradients that finite differences do not confirm.
public struct GradientCheckFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// One thing that is wrong.
    public enum Finding: Sendable, Hashable {
        /// The inputs are tracked and the output is not: an operation without derivative stands between.
        case outsideGraph
        /// The output does not depend on this input, or its gradient has another shape.
        case noGradient(input: Int)
        /// The gradient of one entry is not its slope.
        case wrong(input: Int, position: Int, gradient: Float, slope: SettledSlope)
    }

    /// Everything that was found.
    public let findings: [Finding]
    /// Where the check was called.
    public let place: String

    init(_ findings: [Finding], fileID: StaticString, line: UInt) {
        self.findings = findings
        place = "\(fileID):\(line)"
    }

    /// A sentence for each of the first findings.
    public var description: String {
        let shown = findings.prefix(6).map(\.description)
        let more = findings.count > shown.count ? ["and \(findings.count - shown.count) more"] : []
        return "checkGradients at \(place): " + (shown + more).joined(separator: "; ")
    }
}

extension GradientCheckFailure.Finding: CustomStringConvertible {
    /// What was expected and what was found.
    public var description: String {
        switch self {
        case .outsideGraph: "expected an output that is tracked as its inputs are, found one outside the graph"
        case .noGradient(let input): "expected a gradient of input \(input), found none"
        case .wrong(let input, let position, let gradient, let slope) where slope.value.isNaN:
            "input \(input) at \(position): expected a slope, found none that settles near the gradient \(gradient)"
        case .wrong(let input, let position, let gradient, let slope):
            """
            input \(input) at \(position): expected the slope \(Float(slope.value)) ± \(Float(slope.noise)), found the gradient \
            \(gradient)
            """
        }
    }
}
