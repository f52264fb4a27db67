/// Outputs of a model's parts that are 0 on purpose, so that one sees what depends on them: the heads of a layer, say.
///
/// As a precision does, it holds for everything that is computed within:
///
/// ```swift
/// let without = try withAblation([.init("encoder", layer: 2): [4]]) { try embedder.embed(text) }
/// ```
///
/// What the parts are, the rooms above know. Where nothing is left out, nothing is computed otherwise, to the last bit.
public struct Ablation: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// A layer whose outputs come from equal parts side by side.
    public struct Place: Sendable, Hashable {
        /// Which stack of layers.
        public let stack: String
        /// The layer, counted from 0.
        public let layer: Int

        /// A layer of a stack.
        public init(_ stack: String, layer: Int) { (self.stack, self.layer) = (stack, layer) }
    }

    private var parts: [Place: Set<Int>]

    /// These parts of these layers, counted from 0.
    public init(_ parts: [Place: Set<Int>] = [:]) { self.parts = parts.filter { !$0.value.isEmpty } }

    public init(dictionaryLiteral elements: (Place, Set<Int>)...) {
        self.init(Dictionary(elements, uniquingKeysWith: { $0.union($1) }))
    }

    /// Nothing.
    public static let none = Ablation()

    @TaskLocal static var chosen = Ablation.none

    /// What is left out in this task.
    public static var current: Ablation { chosen }

    /// Whether nothing is left out.
    public var isEmpty: Bool { parts.isEmpty }

    /// How many parts are left out.
    public var count: Int { parts.values.reduce(0) { $0 + $1.count } }

    /// What is left out of a layer.
    public subscript(place: Place) -> Set<Int> { parts[place] ?? [] }

    /// What either leaves out.
    public func union(_ other: Ablation) -> Ablation {
        Ablation(parts.merging(other.parts) { $0.union($1) })
    }
}

/// Computes `body` without these parts.
public func withAblation<Result>(_ ablation: Ablation, _ body: () throws -> Result) rethrows -> Result {
    try Ablation.$chosen.withValue(ablation, operation: body)
}
