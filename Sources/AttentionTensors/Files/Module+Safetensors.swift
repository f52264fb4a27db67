extension Module {
    /// The same module with every parameter read from `file`, where it has the same name and the same shape.
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

    /// Saves every parameter under its name.
    /// - Throws: `SafetensorsError` if two parameters have one name or the file cannot be written.
    public func save(
        to path: String, as precision: Safetensors.Precision = .float32, metadata: [String: String] = [:]
    ) throws(SafetensorsError) {
        try Safetensors.write(parameters(), as: precision, metadata: metadata, to: path)
    }
}

/// Replaces parameters by the tensors of a file, and notes where they do not fit.
private struct ParameterLoader: ParameterVisitor {
    let file: SafetensorsFile
    var mismatch: SafetensorsError.Mismatch
    var found: Set<String> = []

    init(file: SafetensorsFile) {
        self.file = file
        mismatch = SafetensorsError.Mismatch(source: file.source)
    }

    mutating func visit(_ parameter: inout Tensor, _ path: ParameterPath) throws(SafetensorsError) {
        let name = path.description
        guard file.contains(name) else { return mismatch.missing.append(name) }
        found.insert(name)
        let shape = try file.shape(of: name)
        guard shape == parameter.shape else {
            return mismatch.misshapen.append("\(name): expected \(parameter.shape), found \(shape)")
        }
        parameter = try file.tensor(named: name)
    }
}
