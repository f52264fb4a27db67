import AttentionMechanisms
package import AttentionTensors

/// What one computation is given: options and tensors by name. The same name always gives the same tensor.
public final class Request {
    /// The mechanism's name.
    package let mechanism: String
    /// What the mechanism is told.
    package private(set) var options: Options
    private let file: SafetensorsFile
    private let isDifferentiated: Bool
    /// The outputs that are looked at, if not all of them are.
    private let wanted: Set<String>?
    private var taken: [String: Tensor] = [:]

    /// A request for `mechanism` with these options, its tensors in `file`. To be differentiated, real tensors are tracked; else nothing that
    /// is computed from them is kept. What is not `wanted` need not be computed; nil wants everything.
    package init(
        mechanism: String, options: [String: OptionValue], tensors file: SafetensorsFile, isDifferentiated: Bool,
        wanting wanted: Set<String>? = nil
    ) {
        self.mechanism = mechanism
        self.options = Options(options, of: mechanism)
        self.file = file
        self.isDifferentiated = isDifferentiated
        self.wanted = wanted
    }

    /// Whether nothing but this output is looked at.
    package func wantsOnly(_ output: String) -> Bool { wanted == [output] }

    /// Adds a part to the options if they name none of its kind.
    package func imply(_ part: String, in family: MechanismFamily) { options = options.implying(part, in: family) }

    /// Whether there is a tensor of this name.
    package func contains(_ name: String) -> Bool { file.contains(name) }

    /// A real tensor, tracked if it is to be differentiated.
    /// - Throws: `CatalogueError.missingTensor`; `SafetensorsError` if the file cannot be read.
    package func tensor(_ name: String) throws -> Tensor {
        if let tensor = taken[name] { return tensor }
        try require(name)
        let found = try file.tensor(named: name)
        let tensor = isDifferentiated ? found.tracked() : found
        taken[name] = tensor
        return tensor
    }

    /// A real tensor, tracked, if there is one of this name.
    package func tensor(ifPresent name: String) throws -> Tensor? { contains(name) ? try tensor(name) : nil }

    /// A real tensor that has no gradient: noise, rewards, samples.
    package func constant(_ name: String) throws -> Tensor {
        try require(name)
        return try file.tensor(named: name)
    }

    /// A tensor of integers.
    package func integers(_ name: String) throws -> IntegerTensor {
        try require(name)
        return IntegerTensor(values: try file.integers(named: name), shape: try file.shape(of: name))
    }

    /// One length per item of the batch, if they are given.
    package func lengths(_ name: String) throws -> [Int]? { contains(name) ? try integers(name).values : nil }

    /// A tensor of truth values.
    package func mask(_ name: String) throws -> Mask {
        try require(name)
        return try file.booleans(named: name)
    }

    /// How the numbers of a tensor are stored.
    package func elementType(of name: String) throws -> ElementType {
        try require(name)
        return try file.elementType(of: name)
    }

    /// Refuses options that nobody asked for: they are most likely misspelt.
    package func refuseUnreadOptions() throws(CatalogueError) { try options.refuseUnread() }

    /// The tensors that the computation took and that can have a gradient.
    package var leaves: [String: Tensor] { taken }

    private func require(_ name: String) throws(CatalogueError) {
        guard contains(name) else { throw .missingTensor(name, mechanism: mechanism, source: file.source) }
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
