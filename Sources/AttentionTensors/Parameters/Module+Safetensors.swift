extension Module {
    /// The same module with every parameter in `file`, where it has the same name and the same shape. Its numbers stay where they lie.
    ///
    /// - Parameters:
    ///   - file: The tensors; all of them must be parameters of the module.
    ///   - path: What the parameters' names begin with in the file.
    ///   - isUnused: Names in the file that may be left over.
    /// - Throws: `SafetensorsError.mismatch` with all parameters that are missing or have another shape, and all names left over.
    public func loaded(
        from file: SafetensorsFile, at path: ParameterPath = ParameterPath(),
        ignoring isUnused: (String) -> Bool = { _ in false }
    ) throws(SafetensorsError) -> Self {
        var copy = self
        var loader = ParameterLoader(file: file)
        try copy.visit(&loader, path)
        loader.mismatch.unexpected = file.names.filter { !loader.found.contains($0) && !isUnused($0) }
        guard loader.mismatch.isEmpty else { throw .mismatch(loader.mismatch) }
        return copy
    }

    /// Saves every parameter under its name, in the format it has or in another.
    /// - Throws: `SafetensorsError` if two parameters have one name or the file cannot be written.
    public func save(
        to path: String, as format: Parameter.Format? = nil, metadata: [String: String] = [:]
    ) throws(SafetensorsError) {
        try Safetensors.write(entries(as: format), metadata: metadata, to: path)
    }

    /// The parameters as tensors of a file, in the format they have or in another, their names behind `path`.
    public func entries(
        as format: Parameter.Format? = nil, at path: ParameterPath = ParameterPath()
    ) -> [Safetensors.Entry] {
        parameters().flatMap { $0.parameter.entries((path / $0.name).description, as: format) }
    }
}

/// Replaces parameters by those of a file, and notes where they do not fit.
private struct ParameterLoader: ParameterVisitor {
    let file: SafetensorsFile
    var mismatch: SafetensorsError.Mismatch
    var found: Set<String> = []

    init(file: SafetensorsFile) {
        self.file = file
        mismatch = SafetensorsError.Mismatch(source: file.source)
    }

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) throws(SafetensorsError) {
        let name = path.description
        guard file.contains(name) else { return mismatch.missing.append(name) }
        found.insert(name)
        let stored = try file.parameter(named: name, role: parameter.role)
        guard stored.shape == parameter.shape else {
            return mismatch.misshapen.append("\(name): expected \(parameter.shape), found \(stored.shape)")
        }
        parameter = stored
        if parameter.format == .int8 { found.insert(SafetensorsFile.scaleName(of: name)) }
    }
}
