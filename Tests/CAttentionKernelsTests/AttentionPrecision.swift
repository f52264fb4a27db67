import CAttentionKernels
import Testing

/// A precision of attention with what it promises: the error relative to float64, as root mean squares.
enum TestPrecision: CaseIterable, Sendable {
    case exact, float32, bfloat16

    var tolerance: Double {
        switch self {
        case .exact: 2e-6
        case .float32: 1e-5
        case .bfloat16: 1e-2
        }
    }
}

extension Table {
    func attention(_ precision: TestPrecision) -> attn_attention_method {
        switch precision {
        case .exact: kernels.attentions.0
        case .float32: kernels.attentions.1
        case .bfloat16: kernels.attentions.2
        }
    }

    /// All of all tables.
    static var attentionMethods: [attn_attention_method] {
        available.flatMap { table in TestPrecision.allCases.map { table.attention($0) } }
    }
}

extension AttentionCase {
    /// Emulated tiles are slow.
    func isAffordable(_ table: Table) -> Bool {
        !table.name.hasSuffix("emulated") || a.queries * a.keys * (a.head_size + a.value_size) < 1 << 20
    }
}

/// All that a method computes.
struct AttentionResults {
    let output: Floats, logSum: Floats, weights: Floats
    let gradients: [Floats]

    init(of one: AttentionCase, by method: attn_attention_method) {
        let forward = one.forward(method)
        (output, logSum) = forward
        weights = one.weights(method, logSum: logSum)
        gradients = one.backward(method, after: forward)
    }
}

/// Checks the error's root mean square against that of what is expected, and each element's against the largest; results of
/// lesser magnitude than `magnitude` are not held to less. Infinities, NaNs and the guards are exact.
func expectNear(
    _ found: Floats, _ expected: Floats, _ precision: TestPrecision, magnitude: Double = 0.25,
    _ what: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found.guardIsIntact, "\(what()): guard", sourceLocation: sourceLocation)
    let (x, y) = (found.pointer, expected.pointer)
    var (error, sum, largestError, largest, count) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var index = 0
    while index < expected.count {
        let (value, wanted) = (x[index], y[index])
        index += 1
        if value == wanted && (wanted == 0 || wanted == 5 || wanted.isInfinite) { continue }  // hidden, or between rows
        if value.isNaN && wanted.isNaN { continue }
        let difference = Double(value) - Double(wanted)
        error += difference * difference
        sum += Double(wanted) * Double(wanted)
        if !(abs(difference) <= largestError) { largestError = abs(difference) }
        if abs(wanted) > Float(largest) { largest = Double(abs(wanted)) }
        count += 1
    }
    if count == 0 { return }
    let (typical, tolerance) = ((sum / count).squareRoot(), precision.tolerance)
    #expect(
        (error / count).squareRoot() <= tolerance * max(typical, magnitude), "\(what())", sourceLocation: sourceLocation
    )
    #expect(largestError <= 6 * tolerance * max(largest, magnitude), "\(what()): worst", sourceLocation: sourceLocation)
}

extension Float {
    /// The nearest number of 8 significant bits, the even one of two.
    var roundedToBFloat16: Float {
        let bits = bitPattern
        return Float(bitPattern: (bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff_0000)
    }
}
