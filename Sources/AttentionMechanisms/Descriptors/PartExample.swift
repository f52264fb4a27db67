/// Options and tensors that show a part at work, in attention that is otherwise scaled dot products, everywhere, with softmax.
package struct PartExample: Sendable {
    let options: [String: OptionValue]
    let others: [String: OptionValue]
    let tensors: @Sendable (ExampleMaterial) throws -> Outputs

    /// An example with these options of the part.
    /// - Parameters:
    ///   - others: options of the attention around it.
    ///   - tensors: what it takes besides queries, keys and values.
    init(
        _ options: [String: OptionValue] = [:], with others: [String: OptionValue] = [:],
        tensors: @escaping @Sendable (ExampleMaterial) throws -> Outputs = { _ in [:] }
    ) {
        self.options = options
        self.others = others
        self.tensors = tensors
    }
}
