/// Options and tensors that show a mechanism at work, and the output that is looked at.
package struct Example: Sendable {
    /// What the mechanism is told.
    package let options: [String: OptionValue]
    /// The output that is drawn.
    package let output: String
    /// The inputs and parameters by name.
    package let tensors: @Sendable (ExampleMaterial) throws -> Outputs

    package init(
        _ options: [String: OptionValue] = [:], draws output: String = "weights",
        tensors: @escaping @Sendable (ExampleMaterial) throws -> Outputs
    ) {
        self.options = options
        self.output = output
        self.tensors = tensors
    }
}

extension [String: OptionValue] {
    /// The scope of this kind alone.
    package static func scope(_ kind: String) -> Self { ["scopes": .list([.fields(["kind": .text(kind)])])] }

    /// These options and others.
    package static func + (first: Self, second: Self) -> Self { first.merging(second) { $1 } }
}
