/// Anything made of parameters: a layer, a model, a mechanism; a plain struct, copied and compared like any value.
///
/// `visit` lists the parameters by name, and everything else follows from it: loading, saving, counting, tracking for gradients,
/// optimizer steps. A parameter is the module of itself; optionals and arrays of modules are modules.
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
    /// Meets one parameter; may replace it by one of the same shape.
    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) throws(Failure)
    /// Meets a linear map before its parameters; may add an adapter to it, or make one part of its weight.
    mutating func visit<Map: AdaptableMap>(map: inout Map, _ path: ParameterPath) throws(Failure)
    /// Meets a module of equal parts before its parameters; may take parts out of it.
    mutating func visit<Parts: PrunableModule>(parts: inout Parts, _ path: ParameterPath) throws(Failure)
}

extension ParameterVisitor {
    /// Leaves maps as they are: most visitors care for parameters alone.
    public mutating func visit<Map: AdaptableMap>(map: inout Map, _ path: ParameterPath) throws(Failure) {}
    /// Leaves parts as they are.
    public mutating func visit<Parts: PrunableModule>(parts: inout Parts, _ path: ParameterPath) throws(Failure) {}
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
    public func parameters() -> [(name: String, parameter: Parameter)] {
        var copy = self
        var collector = Collector()
        copy.visit(&collector, ParameterPath())
        return collector.found
    }

    /// Those of them for which `isWanted` holds.
    public func parameters(
        where isWanted: (_ name: String, _ parameter: Parameter) -> Bool
    ) -> [(name: String, parameter: Parameter)] {
        parameters().filter { isWanted($0.name, $0.parameter) }
    }

    /// The number of numbers in all parameters, frozen ones included, buffers not.
    public var parameterCount: Int { count { $0 != .buffer } }

    /// The number of numbers that training changes.
    public var trainedCount: Int { count { $0 == .trained } }

    private func count(_ isCounted: (Parameter.Role) -> Bool) -> Int {
        parameters { isCounted($1.role) }.reduce(0) { $0 + $1.parameter.shape.elementCount }
    }

    /// The same module with every parameter replaced by what `transform` makes of it.
    public func mapParameters(_ transform: @escaping (String, Parameter) -> Parameter) -> Self {
        var copy = self
        var mapper = Mapper(transform: transform)
        copy.visit(&mapper, ParameterPath())
        return copy
    }

    /// The same module with the numbers of every parameter replaced; what a parameter is there for stays.
    public func mapTensors(_ transform: @escaping (String, Tensor) -> Tensor) -> Self {
        mapParameters { $1.replacing(with: transform($0, $1.tensor)) }
    }

    /// The same module with its trained parameters tracked: what is computed with it can be differentiated.
    public func tracked() -> Self { mapParameters { $1.tracked() } }

    /// The same module with its numbers rounded to another format.
    public func stored(as format: Parameter.Format) -> Self { mapParameters { $1.stored(as: format) } }
}

private struct Collector: ParameterVisitor {
    var found: [(name: String, parameter: Parameter)] = []
    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) {
        found.append((path.description, parameter))
    }
}

private struct Mapper: ParameterVisitor {
    let transform: (String, Parameter) -> Parameter
    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) {
        parameter = transform(path.description, parameter)
    }
}
