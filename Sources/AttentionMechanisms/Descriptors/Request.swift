package import AttentionTensors

/// What one computation, or one part of it, is given: options of its own, and the tensors of all by name.
public struct Request {
    /// What it is told.
    package var options: Options
    /// What the tensors are found in.
    private let tensors: RequestTensors
    /// The outputs that are looked at, if not all of them are.
    private let wanted: Set<String>?
    /// The size of the queries that attention compares: what a part's parameters default to.
    package private(set) var querySize = 0
    /// What the score multiplies inner products by, for parts that add to them; nil for 1 / √D.
    package private(set) var productScale: Float?

    /// A request for a mechanism with these options, its tensors in `file`. To be differentiated, real tensors are tracked; else nothing that
    /// is computed from them is kept. What is not `wanted` need not be computed; nil wants everything.
    /// - Throws: `RequestError.unknownOption` for an option that the mechanism does not take.
    package init(
        _ mechanism: MechanismDescriptor, options: [String: OptionValue], tensors file: SafetensorsFile,
        isDifferentiated: Bool, wanting wanted: Set<String>? = nil
    ) throws(RequestError) {
        self.options = try Options(options, of: mechanism.name, declared: mechanism.accepted)
        tensors = RequestTensors(file, isDifferentiated: isDifferentiated)
        self.wanted = wanted
    }

    /// Whether nothing but this output is looked at.
    package func wantsOnly(_ output: String) -> Bool { wanted == [output] }

    /// The mechanism or part that asks.
    package var name: String { options.owner }

    /// The same, for queries of this size and a score that multiplies inner products by `productScale`.
    package func comparing(querySize: Int, productScale: Float?) -> Request {
        var request = self
        (request.querySize, request.productScale) = (querySize, productScale)
        return request
    }

    /// Whether there is a tensor of this name.
    package func contains(_ name: String) -> Bool { tensors.file.contains(name) }

    /// A real tensor, tracked if it is to be differentiated.
    /// - Throws: `RequestError.missingTensor`; `SafetensorsError` if the file cannot be read.
    package func tensor(_ name: String) throws -> Tensor {
        if let tensor = tensors.taken[name] { return tensor }
        try require(name)
        return try tensors.take(name)
    }

    /// A real tensor, tracked, if there is one of this name.
    package func tensor(ifPresent name: String) throws -> Tensor? { contains(name) ? try tensor(name) : nil }

    /// A real tensor that has no gradient: noise, rewards, samples.
    package func constant(_ name: String) throws -> Tensor {
        try require(name)
        return try tensors.file.tensor(named: name)
    }

    /// A tensor of integers.
    package func integers(_ name: String) throws -> IntegerTensor {
        try require(name)
        return IntegerTensor(values: try tensors.file.integers(named: name), shape: try tensors.file.shape(of: name))
    }

    /// One length per item of the batch, if they are given.
    package func lengths(_ name: String) throws -> [Int]? { contains(name) ? try integers(name).values : nil }

    /// A tensor of truth values.
    package func mask(_ name: String) throws -> Mask {
        try require(name)
        return try tensors.file.booleans(named: name)
    }

    /// How the numbers of a tensor are stored.
    package func elementType(of name: String) throws -> ElementType {
        try require(name)
        return try tensors.file.elementType(of: name)
    }

    /// The tensors that the computation took and that can have a gradient.
    package var leaves: [String: Tensor] { tensors.taken }

    private func require(_ name: String) throws(RequestError) {
        guard contains(name) else {
            throw .missingTensor(name, mechanism: self.name, source: tensors.file.source)
        }
    }
}

/// The tensors of a request; the same name always gives the same tensor.
private final class RequestTensors {
    let file: SafetensorsFile
    private let isDifferentiated: Bool
    private(set) var taken: [String: Tensor] = [:]

    init(_ file: SafetensorsFile, isDifferentiated: Bool) {
        self.file = file
        self.isDifferentiated = isDifferentiated
    }

    func take(_ name: String) throws -> Tensor {
        let found = try file.tensor(named: name)
        let tensor = isDifferentiated ? found.tracked() : found
        taken[name] = tensor
        return tensor
    }
}

/// Integers with a shape, row-major.
package struct IntegerTensor: Sendable, Hashable {
    package let values: [Int]
    package let shape: Shape

    package init(values: [Int], shape: Shape) {
        self.values = values
        self.shape = shape
    }
}

extension OptionDescriptor {
    /// How many positions further on than their index queries stand.
    static let offset = integer("offset", default: 0)
}
