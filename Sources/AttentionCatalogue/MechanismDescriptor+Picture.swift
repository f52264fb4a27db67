public import AttentionMechanisms
import AttentionTensors

extension MechanismDescriptor {
    /// Whether there is a picture of where the mechanism looks.
    public var hasPicture: Bool { example != nil }

    /// Where the mechanism looks on the words of `material`: rows that look, columns that are looked at; nil if it has no example.
    ///
    /// Of several heads the first is drawn. A mechanism on images, or of a single query, has rows and columns of its own.
    /// - Throws: what computing the example throws.
    public func picture(_ material: ExampleMaterial) throws -> [[Float]]? {
        guard let example else { return nil }
        let entries = try example.tensors(material).map { try $1.entry(named: $0) }
        let file = try SafetensorsFile(try Safetensors.encoded(entries), source: "the example of \(name)")
        let request = try Request(self, options: example.options, tensors: file, isDifferentiated: false)
        let outputs = try compute(request)
        guard case .real(var matrix) = outputs[example.output] else {
            throw RequestError.unknown(kind: "output of \(name)", name: example.output, known: outputs.keys.sorted())
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
