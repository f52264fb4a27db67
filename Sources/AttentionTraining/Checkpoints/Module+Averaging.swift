public import AttentionTensors

extension Module {
    /// This module with each parameter replaced by its mean over several files.
    ///
    /// Averaging checkpoints of one training usually gives a better model than any of them (Vaswani et al. 2017, section 6.1). Files are
    /// read one after the other and added in the order given.
    /// - Throws: `SafetensorsError` if a file cannot be read or belongs to another module.
    public func averaged(of paths: [String]) throws(SafetensorsError) -> Self {
        guard let first = paths.first else { return self }
        var sums = ModuleSum(module: try loaded(from: SafetensorsFile(path: first)))
        for path in paths.dropFirst() { sums.add(try loaded(from: SafetensorsFile(path: path))) }
        let share = 1 / Float(paths.count)
        return sums.module.mapTensors { _, sum in sum * share }
    }
}

private struct ModuleSum<Summed: Module> {
    var module: Summed

    mutating func add(_ addend: Summed) {
        let addends = Dictionary(uniqueKeysWithValues: addend.parameters().map { ($0.name, $0.parameter) })
        module = module.mapTensors { name, sum in addends[name].map { sum + $0.tensor } ?? sum }
    }
}
