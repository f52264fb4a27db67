import AttentionTensors

extension Module {
    /// The parameters of this module as a checkpoint has them that spells them as `map` says: what `loaded(from:…)` reads again.
    ///
    /// Blocks of one tensor are put together again; what several parameters share is written once.
    /// - Parameters:
    ///   - map: Where each parameter lies; it knows all of them.
    ///   - backbone: What the names of the backbone begin with; nil where the backbone stands alone.
    /// - Throws: `ShapeError` if blocks of one tensor do not fit each other.
    func tensors(_ map: CheckpointMap, backbone: String?) throws(ShapeError) -> [NamedTensor] {
        var blocks: [String: [Block]] = [:]
        var names: [String] = []
        for (own, parameter) in parameters() {
            guard let place = map.place(of: own) else { continue }
            let name = place.name(behind: backbone)
            if blocks[name] == nil { names.append(name) }
            blocks[name, default: []].append(Block(tensor: parameter.tensor, change: place.change))
        }
        var tensors: [NamedTensor] = []
        for name in names { tensors.append(NamedTensor(name, try Block.joined(blocks[name] ?? []))) }
        return tensors
    }
}

/// What lies in one place, or in a part of it.
private struct Block {
    let tensor: Tensor
    let change: CheckpointMap.Place.Change

    /// The tensor that these are the blocks of.
    static func joined(_ blocks: [Block]) throws(ShapeError) -> Tensor {
        let sorted = blocks.sorted { $0.index < $1.index }
        switch sorted[0].change {
        case .none: return sorted[0].tensor
        case .transposed: return sorted[0].turned
        case .plusOne: return sorted[0].tensor - 1
        case .pairedRows(let headSize): return try sorted[0].paired(headSize)
        case .onlyRow: return sorted[0].tensor.unsqueezed(axis: 0)
        case .rows, .range: return try concatenated(sorted.map(\.tensor), axis: 0)
        case .groupedRows(_, _, let groups): return try interleaved(sorted.map(\.tensor), groups: groups)
        case .transposedColumns: return try concatenated(sorted.map(\.turned), axis: -1)
        }
    }

    /// A part of the rows of each, then of the next part, so many times.
    private static func interleaved(_ tensors: [Tensor], groups: Int) throws(ShapeError) -> Tensor {
        var parts: [Tensor] = []
        for tensor in tensors {
            parts.append(try tensor.reshaped(to: [groups, -1] + tensor.shape.dimensions.dropFirst()))
        }
        return try concatenated(parts, axis: 1).reshaped(to: [-1] + tensors[0].shape.dimensions.dropFirst())
    }

    private var index: Int {
        switch change {
        case .none, .transposed, .plusOne, .onlyRow, .pairedRows: 0
        case .rows(let index, _), .groupedRows(let index, _, _), .transposedColumns(let index, _): index
        case .range(let range): range.lowerBound
        }
    }

    /// One row of the first half of each head, then one of its second.
    private func paired(_ headSize: Int) throws(ShapeError) -> Tensor {
        try tensor.selecting(
            (0..<tensor.shape[0]).map { row in
                let (head, place) = (row / headSize * headSize, row % headSize)
                return head + place / 2 + place % 2 * (headSize / 2)
            })
    }

    private var turned: Tensor { tensor.shape.rank == 2 ? tensor.transposed() : tensor }
}
