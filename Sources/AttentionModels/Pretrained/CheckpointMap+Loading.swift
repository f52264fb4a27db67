import AttentionTensors

extension Module {
    /// The same module with every parameter from where `map` says that it lies.
    ///
    /// - Parameters:
    ///   - checkpoint: The tensors.
    ///   - map: Where each parameter lies.
    ///   - backbone: What the names of the backbone begin with, if they do: `bert`.
    ///   - unused: Patterns of names that may be left over: other heads, buffers, copies of what is tied.
    /// - Throws: `SafetensorsError.mismatch` with all parameters that are missing or have another shape, and all names left over;
    ///   `notFinite` if a number is none, or infinite.
    func loaded(
        from checkpoint: Checkpoint, _ map: CheckpointMap, backbone: String, unused: [String]
    ) throws(SafetensorsError) -> Self {
        try loaded(from: checkpoint, map, backbone: backbone, unused: unused, replacing: .none).module
    }

    /// The same, where some parameters may be missing: those stay as they are in this module.
    /// - Returns: the module, and the names of the parameters that were not read.
    func loaded(
        from checkpoint: Checkpoint, _ map: CheckpointMap, backbone: String, unused: [String],
        replacing replaceable: ReplaceableParameters
    ) throws(SafetensorsError) -> (module: Self, fresh: [String]) {
        var copy = self
        let map = checkpoint.naming == .own ? CheckpointMap.identity : map
        var loader = MappedLoader(checkpoint: checkpoint, map: map, backbone: backbone, replaceable: replaceable)
        try copy.visit(&loader, ParameterPath())
        // Beside integers under our own names lie their scales; the head may be for another task.
        let own = checkpoint.naming == .own ? ["*_scale", "head.*"] : []
        let patterns = (unused + own).map(NamePattern.init)
        loader.mismatch.unexpected = checkpoint.names.filter { name in
            !loader.used.contains(name) && !patterns.contains { $0.matches(name) }
        }
        guard loader.mismatch.isEmpty else { throw .mismatch(loader.mismatch) }
        try loader.checkFiniteness()
        return (copy, loader.fresh)
    }
}

/// Which parameters a checkpoint may lack, by what their names begin with.
struct ReplaceableParameters {
    /// Read where the checkpoint has them and they fit.
    let missing: String?
    /// Never read.
    let always: String?

    /// None: a checkpoint has them all.
    static let none = ReplaceableParameters(missing: nil, always: nil)

    fileprivate func mayLack(_ name: String) -> Bool { missing.map(name.hasPrefix) ?? false }
    fileprivate func passesOver(_ name: String) -> Bool { always.map(name.hasPrefix) ?? false }
}

/// Replaces parameters by those of a checkpoint, and notes where they do not fit.
private struct MappedLoader: ParameterVisitor {
    let checkpoint: Checkpoint
    let map: CheckpointMap
    let backbone: String
    let replaceable: ReplaceableParameters
    var mismatch: SafetensorsError.Mismatch
    var used: Set<String> = []
    var fresh: [String] = []
    /// What was read already: parameters that share a place share what products lay out of it.
    private var read: [String: Parameter] = [:]

    init(checkpoint: Checkpoint, map: CheckpointMap, backbone: String, replaceable: ReplaceableParameters) {
        (self.checkpoint, self.map, self.backbone) = (checkpoint, map, backbone)
        self.replaceable = replaceable
        mismatch = SafetensorsError.Mismatch(source: checkpoint.source)
    }

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) throws(SafetensorsError) {
        let own = path.description
        guard !replaceable.passesOver(own) else { return fresh.append(own) }
        guard let place = map.place(of: own) else { return mismatch.missing.append(own) }
        let candidates = place.names(behind: backbone)
        guard let name = candidates.first(where: checkpoint.contains) else {
            return replaceable.mayLack(own) ? fresh.append(own) : mismatch.missing.append(candidates[0])
        }
        used.insert(name)
        let whole = try stored(named: name)
        guard let part = whole.changed(place.change), part.shape == parameter.shape else {
            guard !replaceable.mayLack(own) else { return fresh.append(own) }
            let expected = place.change.expectation(for: parameter.shape)
            return mismatch.misshapen.append("\(name): expected \(expected), found \(whole.shape)")
        }
        var loaded = part
        loaded.role = parameter.role
        parameter = loaded
    }

    /// Refuses a model that could say nothing but NaN.
    func checkFiniteness() throws(SafetensorsError) {
        for name in checkpoint.names {
            guard let (index, value) = read[name]?.firstNonFinite() else { continue }
            throw .notFinite(name: name, source: checkpoint.source, value: value, index: index)
        }
    }

    private mutating func stored(named name: String) throws(SafetensorsError) -> Parameter {
        if let known = read[name] { return known }
        let parameter = try checkpoint.parameter(named: name)
        read[name] = parameter
        return parameter
    }
}

extension CheckpointMap.Place {
    /// How the reference spells it: behind the name of the backbone, or without it where the backbone stands alone.
    func name(behind backbone: String?) -> String {
        guard name.hasPrefix(".") else { return name }
        return backbone.map { $0 + name } ?? String(name.dropFirst())
    }

    /// The spellings of a place: behind the backbone's name or without it, and with the endings that TensorFlow gave to norms.
    func names(behind backbone: String) -> [String] {
        let bare = name(behind: nil)
        let spellings = name.hasPrefix(".") ? [backbone + name, bare] : [bare]
        return spellings
            + spellings.compactMap { name in
                name.hasSuffix(".weight")
                    ? String(name.dropLast(6)) + "gamma"
                    : name.hasSuffix(".bias") ? String(name.dropLast(4)) + "beta" : nil
            }
    }
}

extension Parameter {
    /// The part of this parameter that a place names; nil if it has none. A view: nothing is copied but what lies in groups.
    fileprivate func changed(_ change: CheckpointMap.Place.Change) -> Parameter? {
        switch change {
        case .none: return self
        case .transposed: return shape.rank == 2 ? transposed() : self
        case .rows(let index, let count):
            guard shape.rank >= 1, shape[0] % count == 0 else { return nil }
            let size = shape[0] / count
            return try? sliced(axis: 0, index * size..<(index + 1) * size)
        case .range(let range):
            guard shape.rank >= 1, range.upperBound <= shape[0] else { return nil }
            return try? sliced(axis: 0, range)
        case .groupedRows(let index, let count, let groups):
            guard shape.rank >= 1, shape[0] % (count * groups) == 0 else { return nil }
            let size = shape[0] / count / groups
            let rows = (0..<groups).flatMap { group in (0..<size).map { (group * count + index) * size + $0 } }
            return try? selecting(rows)
        case .pairedRows(let headSize):
            guard shape.rank >= 1, headSize % 2 == 0, shape[0] % headSize == 0 else { return nil }
            let half = headSize / 2
            let rows = (0..<shape[0]).map { row in
                let (head, place) = (row / headSize * headSize, row % headSize)
                return head + place % half * 2 + place / half
            }
            return try? selecting(rows)
        case .plusOne: return replacing(with: tensor + 1)
        case .transposedColumns(let index, let count):
            guard shape.rank >= 1, shape[-1] % count == 0 else { return nil }
            let size = shape[-1] / count
            let columns = try? sliced(axis: -1, index * size..<(index + 1) * size)
            return shape.rank == 2 ? columns?.transposed() : columns
        case .onlyRow:
            guard shape.rank == 2, shape[0] == 1 else { return nil }
            return try? reshaped(to: [shape[1]])
        }
    }
}

extension CheckpointMap.Place.Change {
    /// What the tensor in the file should be so that a parameter of this shape can be taken from it.
    fileprivate func expectation(for shape: Shape) -> String {
        switch self {
        case .none: "\(shape)"
        case .transposed: shape.rank == 2 ? "[\(shape[1]), \(shape[0])]" : "\(shape)"
        case .plusOne, .pairedRows: "\(shape)"
        case .range(let range):
            "at least \(Shape([range.upperBound] + shape.dimensions.dropFirst()))"
        case .groupedRows(_, let count, _): "\(Shape([shape[0] * count] + shape.dimensions.dropFirst()))"
        case .rows(_, let count): "\(Shape([shape[0] * count] + shape.dimensions.dropFirst()))"
        case .transposedColumns(_, let count):
            shape.rank == 2 ? "[\(shape[1]), \(shape[0] * count)]" : "[\(shape[0] * count)]"
        case .onlyRow: "[1, \(shape[0])]"
        }
    }
}
