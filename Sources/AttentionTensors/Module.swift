/// Anything made of parameters: a layer, a model, a mechanism; a plain struct, copied and compared like any value.
///
/// `visit` lists the parameters by name, and everything else follows from it: loading, saving, counting, tracking for gradients,
/// optimizer steps. A tensor is the module of one parameter; optionals and arrays of modules are modules.
public protocol Module: Sendable {
    /// Shows every parameter to `visitor`, under `path` and the name it has in checkpoints.
    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure)
}

/// Something done to each parameter of a module.
public protocol ParameterVisitor {
    /// What can go wrong; `Never` if nothing.
    associatedtype Failure: Error
    /// Meets one parameter; may replace it by a tensor of the same shape.
    mutating func visit(_ parameter: inout Tensor, _ path: ParameterPath) throws(Failure)
}

/// The name of a parameter in a checkpoint: `encoder.layers.0.norm.weight`.
public struct ParameterPath: Sendable, Hashable, CustomStringConvertible {
    /// The names joined by dots.
    public let description: String

    /// A path of one name; the empty one is the root.
    public init(_ description: String = "") { self.description = description }

    /// The path of a part.
    public static func / (path: ParameterPath, part: String) -> ParameterPath {
        ParameterPath(path.description.isEmpty ? part : path.description + "." + part)
    }
}

extension Tensor: Module {
    /// A tensor is its own only parameter.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try visitor.visit(&self, path)
    }
}

extension Optional: Module where Wrapped: Module {
    /// The parameters of the module, if there is one.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try self?.visit(&visitor, path)
    }
}

extension Array: Module where Element: Module {
    /// The parameters of all elements, under their indices.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        for index in indices { try self[index].visit(&visitor, path / "\(index)") }
    }
}

extension Module {
    /// The parameters in the order of `visit`, with their names.
    public func parameters() -> [(name: String, tensor: Tensor)] {
        var copy = self
        var collector = Collector()
        copy.visit(&collector, ParameterPath())
        return collector.found
    }

    /// The number of trained numbers.
    public var parameterCount: Int { parameters().reduce(0) { $0 + $1.tensor.shape.elementCount } }

    /// The same module with every parameter replaced by what `transform` makes of it.
    public func mapParameters(_ transform: @escaping (String, Tensor) -> Tensor) -> Self {
        var copy = self
        var mapper = Mapper(transform: transform)
        copy.visit(&mapper, ParameterPath())
        return copy
    }

    /// The same module with tracked parameters: what is computed with it can be differentiated.
    public func tracked() -> Self { mapParameters { $1.tracked() } }
}

private struct Collector: ParameterVisitor {
    var found: [(name: String, tensor: Tensor)] = []
    mutating func visit(_ parameter: inout Tensor, _ path: ParameterPath) {
        found.append((path.description, parameter))
    }
}

private struct Mapper: ParameterVisitor {
    let transform: (String, Tensor) -> Tensor
    mutating func visit(_ parameter: inout Tensor, _ path: ParameterPath) {
        parameter = transform(path.description, parameter)
    }
}
