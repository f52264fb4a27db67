import Attention

/// Operations of networks that see and hear, one at a time on random numbers: forward, and with the gradients of all inputs and parameters for a
/// fixed upstream gradient.
///
/// The name of a case says all: the operation, the shapes of its inputs, its settings (s stride, p padding, d dilation, g groups, k kernel).
struct OperationSpeed: Workload {
    let name = "operations"
    let precisions: [Precision] = [.float32]
    let seconds = 1.5

    private static let operations =
        OperationCase.convolutions + OperationCase.poolings + OperationCase.norms + OperationCase.resizings
        + OperationCase.sequences

    var cases: [String] { Self.operations.flatMap { one in one.directions.map { "\(one.name)/\($0.rawValue)" } } }

    func run(_ name: String, at pace: Pace) throws {
        for one in Self.operations {
            for direction in one.directions where name == "\(one.name)/\(direction.rawValue)" {
                var line = Line(self, name)
                try Measurement(at: pace, one.prepare(direction)).add(to: &line, amount: 1, unit: "calls")
                line.print()
            }
        }
    }
}

/// One operation, its sizes and settings.
struct OperationCase: Sendable {
    enum Direction: String, Sendable {
        case forward
        case forwardBackward = "fwdbwd"
    }

    let name: String
    let directions: [Direction]
    /// Makes the inputs, and what computes with them.
    let prepare: @Sendable (Direction) throws -> () throws -> Void

    /// What has no derivative.
    init(_ name: String, prepare: @escaping @Sendable () throws -> () throws -> Void) {
        (self.name, directions) = (name, [.forward])
        self.prepare = { _ in try prepare() }
    }

    /// What computes a tensor from inputs of these shapes, drawn from N(0, 1).
    init(_ name: String, _ shapes: [Shape], compute: @escaping @Sendable ([Tensor]) throws -> Tensor) {
        (self.name, directions) = (name, [.forward, .forwardBackward])
        prepare = { direction in
            let inputs = shapes.indices.map { Tensor.normal(shapes[$0], key: RandomKey(seed: UInt64($0))) }
            guard direction == .forwardBackward else { return { _ = try compute(inputs) } }
            let upstream = Tensor.normal(try compute(inputs).shape, key: RandomKey(seed: 99))
            return { _ = try compute(inputs.map { $0.tracked() }).gradients(upstream: upstream) }
        }
    }
}

extension Shape {
    /// As names of cases have it: 8x64x56x56.
    var name: String { dimensions.map(String.init).joined(separator: "x") }
}
