public import AttentionFiles

extension GGUFFile {
    /// A parameter whose numbers stay in the file, as they are written there: F32, F16, BF16, or blocks.
    /// - Throws: `GGUFError` if there is none of this name, or its numbers are of another type.
    public func parameter(named name: String) throws(GGUFError) -> Parameter {
        let entry = try entry(name)
        let shape = Shape(entry.sizes)
        if entry.type.name == "F32" {
            let storage = Storage(lentBy: entry.bytes.aligned(to: MemoryLayout<Float>.alignment))
            return Parameter(Tensor(shape: shape, strides: shape.contiguousStrides, offset: 0, storage: storage))
        }
        guard let format = Self.formats[entry.type.name] else {
            throw .unknownType(
                tensor: name, source: source, type: entry.type.name, known: ["F32"] + Self.formats.keys.sorted())
        }
        return Parameter(.stored(StoredView(StoredNumbers(format, entry.bytes), shape: shape)), role: .trained)
    }

    /// The formats that are read, beside F32.
    private static let formats: [String: Parameter.Format] = {
        var formats: [String: Parameter.Format] = ["F16": .float16, "BF16": .bfloat16]
        for format in BlockFormat.allCases { formats[format.rawValue.uppercased()] = .blocks(format) }
        return formats
    }()
}
