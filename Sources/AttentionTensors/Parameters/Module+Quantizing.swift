extension Module {
    /// The same module with its matrices in blocks: the weights of linear maps in this format; what tells tokens apart, tables of vectors and the
    /// maps of a head, in 8 bits, since errors there cost most and they are read least. Matrices of maps whose rows are not whole blocks become
    /// integers with a scale for each row; vectors, and other tables, stay as they are.
    public func quantized(_ format: BlockFormat) -> Self { quantized { _ in format } }

    /// The same, each matrix in the format that is chosen for the parameter of its name; where none is, it stays as it is.
    public func quantized(_ format: @escaping (String) -> BlockFormat?) -> Self {
        var copy = self
        var quantizer = Quantizer(format)
        copy.visit(&quantizer, ParameterPath())
        return copy
    }
}

private struct Quantizer: ParameterVisitor {
    let format: (String) -> BlockFormat?
    /// The weights of the linear maps that were met.
    private var maps: Set<String> = []

    init(_ format: @escaping (String) -> BlockFormat?) { self.format = format }

    mutating func visit<Map: AdaptableMap>(map: inout Map, _ path: ParameterPath) {
        maps.insert((path / "weight").description)
    }

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) {
        let name = path.description
        let parts = name.split(separator: ".")
        guard parameter.shape.rank == 2, parts.last == "weight", parameter.role != .buffer, let chosen = format(name)
        else { return }
        let isMap = maps.contains(name)
        let wanted = Parameter.Format.blocks(isMap && parts.first != "head" ? chosen : .q80)
        if wanted.fits(parameter.shape) {
            parameter = parameter.stored(as: wanted)
        } else if isMap {
            parameter = parameter.stored(as: .int8)
        }
    }
}
