/// What a module holds: an array of numbers as it is stored, and what is to become of it.
///
/// A tensor of float32 numbers in memory, or numbers that lie in a mapped file or in the program itself and stay there as they are:
/// nothing is copied when a model is loaded. Computing reads `tensor`, or hands the parameter itself to `linear`, `rows` and
/// `linearCrossEntropy`, which read narrower numbers block by block and keep what products lay out of them for as long as the parameter
/// lives. Writing makes a new value, whose laid out forms are its own.
public struct Parameter: Sendable {
    /// What is to become of a parameter.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// Tracked, and changed by every step of training.
        case trained
        /// Kept as it is, though it could be trained.
        case frozen
        /// Saved and loaded with the others, but a constant: statistics, random features.
        case buffer
    }

    /// What is to become of it.
    public var role: Role
    var numbers: Numbers
    /// What products laid out of the numbers. Views share it; writing begins anew.
    private(set) var forms: PackedForms

    enum Numbers: Sendable {
        /// In memory, or float32 in a file; perhaps tracked.
        case floats(Tensor)
        /// Narrower, where they lie.
        case stored(StoredView)
    }

    init(_ numbers: Numbers, role: Role, forms: PackedForms = PackedForms()) {
        (self.numbers, self.role, self.forms) = (numbers, role, forms)
    }

    /// A parameter with the numbers of `tensor`, which keeps its place in the graph if it has one.
    public init(_ tensor: Tensor, role: Role = .trained) { self.init(.floats(tensor), role: role) }

    /// The sizes of the axes.
    public var shape: Shape {
        switch numbers {
        case .floats(let tensor): tensor.shape
        case .stored(let view): view.shape
        }
    }

    /// The numbers as float32: the very tensor where they are; otherwise widened, once for a vector, every time for a large matrix.
    /// - Complexity: O(1) for float32, else O(n).
    public var tensor: Tensor {
        switch numbers {
        case .floats(let tensor): tensor
        case .stored(let view): view.tensor()
        }
    }

    /// The same role with other numbers.
    public func replacing(with tensor: Tensor) -> Parameter { Parameter(tensor, role: role) }

    /// As a leaf whose gradient `gradients()` reports, if it is trained; itself otherwise.
    public func tracked() -> Parameter { role == .trained ? replacing(with: tensor.tracked()) : self }

    /// The same numbers outside any graph.
    public func detached() -> Parameter {
        guard case .floats(let tensor) = numbers, tensor.isTracked else { return self }
        return Parameter(.floats(tensor.detached()), role: role, forms: forms)
    }

    /// Changes the numbers in place as float32 in memory, after making this value their only owner.
    package mutating func withMutableElements<Result>(
        _ body: (UnsafeMutablePointer<Float>) throws -> Result
    ) rethrows -> Result {
        try withMutableTensor { try $0.withMutableElements(body) }
    }

    /// Changes the numbers as a tensor that nobody else holds, unless another parameter does.
    package mutating func withMutableTensor<Result>(_ body: (inout Tensor) throws -> Result) rethrows -> Result {
        if !isKnownUniquelyReferenced(&forms) || !forms.isEmpty { forms = PackedForms() }
        var tensor = self.tensor
        numbers = .floats(Self.nothing)  // so that there is a single owner
        defer { numbers = .floats(tensor) }
        return try body(&tensor)
    }

    private static let nothing = Tensor.zeros([0])
}

extension Parameter: Module {
    /// A parameter is its own only one.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try visitor.visit(&self, path)
    }
}

extension Parameter: CustomStringConvertible {
    /// The shape, the type and the role, never the numbers.
    public var description: String { "Parameter(\(shape) \(format.rawValue), \(role.rawValue))" }
}

extension Gradients {
    /// The gradient with respect to this tracked parameter, of the same shape; nil if the result does not depend on it.
    public subscript(parameter: Parameter) -> Tensor? {
        guard case .floats(let tensor) = parameter.numbers else { return nil }
        return self[tensor]
    }
}
