import AttentionTensors

/// Options and tensors that show a mechanism at work, and the output that is looked at.
public struct Example: Sendable {
    /// What the mechanism is told.
    let options: [String: OptionValue]
    /// The output that is drawn.
    let output: String
    /// The inputs and parameters by name.
    let tensors: @Sendable (ExampleMaterial) throws -> Outputs
}

extension CatalogueEntry {
    /// This entry with an example: its options, the output that is drawn, and its tensors.
    func showing(
        _ options: [String: OptionValue] = [:], _ output: String = "weights",
        tensors: @escaping @Sendable (ExampleMaterial) throws -> Outputs
    ) -> CatalogueEntry {
        var entry = self
        entry.example = Example(options: options, output: output, tensors: tensors)
        return entry
    }

    /// Where the mechanism looks on the words of `material`: rows that look, columns that are looked at; nil if it has no example.
    ///
    /// Of several heads the first is drawn. A mechanism on images or of a single query has rows and columns of its own, without words.
    /// - Throws: what computing the example throws.
    public func picture(_ material: ExampleMaterial) throws -> [[Float]]? {
        guard let example else { return nil }
        let tensors = try example.tensors(material)
        let reals = tensors.compactMap { name, output -> (name: String, tensor: Tensor)? in
            if case .real(let tensor) = output { (name, tensor) } else { nil }
        }
        let file = try SafetensorsFile(try Safetensors.encoded(reals), source: "the example of \(name)")
        let outputs = try Specification(mechanism: name, options: example.options).compute(file, withGradients: false)
        guard case .real(let weights) = outputs[example.output] else {
            throw CatalogueError.unknown(kind: "output of \(name)", name: example.output, known: outputs.keys.sorted())
        }
        var matrix = weights
        while matrix.shape.rank > 2 { matrix = try matrix.at(0) }
        if matrix.shape.rank < 2 { matrix = try matrix.reshaped(to: [1, -1]) }
        let (values, columns) = (matrix.values, matrix.shape[1])
        return (0..<matrix.shape[0]).map { row -> [Float] in
            let start = row * columns
            return Array(values[start..<start + columns])
        }
    }
}
