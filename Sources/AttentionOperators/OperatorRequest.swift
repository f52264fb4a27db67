import AttentionMechanisms
import AttentionTensors
import Glibc

/// What an ONNX operator is told and given: its attributes, and inputs by their formal names.
struct OperatorRequest {
    let request: Request
    let attributes: Options
    /// The version of the operator set.
    let opset: Int

    /// - Throws: `RequestError` if the options are no operator's.
    init(_ request: Request, _ declared: [OptionDescriptor]) throws {
        self.request = request
        opset = try request.options.integer("opset")
        attributes =
            try request.options.table("attributes") ?? Options([:], of: request.name, declared: declared)
    }

    /// What every operator is told: who it is, since which version, and these attributes.
    static func options(opset: Int, _ attributes: [OptionDescriptor]) -> [OptionDescriptor] {
        [
            .text("operator", default: ""), .text("domain", default: ""), .integer("opset", default: opset),
            .table("attributes", attributes, else: "none"),
        ]
    }

    /// A real input.
    func tensor(_ name: String) throws -> Tensor { try request.tensor(name) }

    /// A real input that may be missing.
    func tensor(ifPresent name: String) throws -> Tensor? { try request.tensor(ifPresent: name) }

    /// The type of a real input, which the output has, too.
    /// - Throws: `RequestError.unfitTensor` if its numbers are integers or truth values.
    func realType(of name: String) throws -> ElementType {
        let type = try request.elementType(of: name)
        guard [.float16, .bfloat16, .float32, .float64].contains(type) else {
            throw RequestError.unfitTensor(name, expected: "F16, BF16, F32 or F64", found: type.rawValue)
        }
        return type
    }

    /// The element type that an attribute names by its number in ONNX, if it is given: FLOAT, FLOAT16, DOUBLE or BFLOAT16.
    func precision(_ name: String) throws -> ElementType? {
        guard attributes.contains(name) else { return nil }
        let number = try attributes.integer(name)
        guard let type = ElementType(onnxNumber: number) else {
            throw RequestError.unfitOption(
                name, expected: "1 (FLOAT), 10 (FLOAT16), 11 (DOUBLE) or 16 (BFLOAT16)", found: "\(number)")
        }
        return type
    }
}

extension ElementType {
    /// The real type of this number in ONNX's TensorProto.
    init?(onnxNumber number: Int) {
        switch number {
        case 1: self = .float32
        case 10: self = .float16
        case 11: self = .float64
        case 16: self = .bfloat16
        default: return nil
        }
    }

    /// What arithmetic on numbers of both types has.
    func promoted(with other: ElementType) -> ElementType {
        if self == other { return self }
        return self == .float64 || other == .float64 ? .float64 : .float32
    }
}

extension Tensor {
    /// Softmax along the last axis as an operator of this type computes it: every step rounded to it.
    func softmax(visible: Mask?, in type: ElementType) throws(ShapeError) -> Tensor {
        guard type == .float16 || type == .bfloat16 else { return try softmax(visible: visible) }
        return try mappingRows(visible: visible) { row in
            // ONNX's reference adds halves in float32, and bfloat16 numbers one by one in bfloat16.
            if type == .float16 {
                roundedSoftmax(&row, sums: { $0 }) { Float(Float16($0)) }
            } else {
                roundedSoftmax(&row, sums: \.roundedToBFloat16) { $0.roundedToBFloat16 }
            }
        } pullback: { gradient, _, weights in
            let mean = zip(gradient, weights).reduce(0) { $0 + $1.0 * $1.1 }
            for index in gradient.indices { gradient[index] = weights[index] * (gradient[index] - mean) }
        }
    }
}

/// exp(x − max x) / Σ, every result rounded, and every partial sum as `roundSum` says.
private func roundedSoftmax(_ row: inout [Double], sums roundSum: (Float) -> Float, _ round: (Float) -> Float) {
    let maximum = Float(row.max() ?? 0)
    let powers = row.map { round(expf(round(Float($0) - maximum))) }
    let sum = round(powers.reduce(0) { roundSum($0 + $1) })
    for index in row.indices { row[index] = Double(round(powers[index] / sum)) }
}
