import AttentionTensors

/// Options and tensors that show a mechanism at work, and the output that is looked at.
struct Example: Sendable {
    /// What the mechanism is told.
    let options: [String: OptionValue]
    /// The output that is drawn.
    let output: String
    /// The inputs and parameters by name.
    let tensors: @Sendable (ExampleMaterial) throws -> Outputs

    init(
        _ options: [String: OptionValue] = [:], draws output: String = "weights",
        tensors: @escaping @Sendable (ExampleMaterial) throws -> Outputs
    ) {
        self.options = options
        self.output = output
        self.tensors = tensors
    }
}

extension Catalogue {
    static let examples: [String: Example] = [
        scoreExamples, scopeExamples, modifierExamples, normalizerExamples, structuredExamples, sequentialExamples,
        headExamples, efficientExamples, visionExamples, compositionExamples,
    ].reduce(into: [:]) { all, family in all.merge(family) { first, _ in first } }
}

extension CatalogueEntry {
    /// Whether there is a picture of where the mechanism looks.
    public var hasPicture: Bool { Catalogue.examples[name] != nil }

    /// Where the mechanism looks on the words of `material`: rows that look, columns that are looked at; nil if it has no example.
    ///
    /// Of several heads the first is drawn. A mechanism on images, or of a single query, has rows and columns of its own.
    /// - Throws: what computing the example throws.
    public func picture(_ material: ExampleMaterial) throws -> [[Float]]? {
        guard let example = Catalogue.examples[name] else { return nil }
        let entries = try example.tensors(material).map { try $1.entry(named: $0) }
        let file = try SafetensorsFile(try Safetensors.encoded(entries), source: "the example of \(name)")
        let outputs = try Specification(mechanism: name, options: example.options).compute(file, withGradients: false)
        guard case .real(var matrix) = outputs[example.output] else {
            throw CatalogueError.unknown(kind: "output of \(name)", name: example.output, known: outputs.keys.sorted())
        }
        while matrix.shape.rank > 2 { matrix = try matrix.at(0) }
        if matrix.shape.rank < 2 { matrix = try matrix.reshaped(to: [1, -1]) }
        let (values, columns) = (matrix.values, matrix.shape[1])
        return (0..<matrix.shape[0]).map { row -> [Float] in
            let start = row * columns
            return Array(values[start..<start + columns])
        }
    }
}
