package import AttentionMechanisms
package import AttentionTensors

extension MultiHeadAttention {
    /// What each head writes of what it reads.
    ///
    /// - Parameters:
    ///   - memory: what is looked at; x itself if nil.
    ///   - source: what a head is called.
    package func split(
        _ x: SplitState, looking memory: Memory? = nil, by source: (Int) -> VectorSource
    ) throws(ShapeError) -> SplitState {
        let memory = if let memory { memory } else { try remember(x.all) }
        let context = try context(x.all, memory)  // [1, K, H Dv]
        let rows = try context.rows(atPlaces: x.places)
        let (width, size) = (rows.shape[1], rows.shape[1] / headCount)
        let values = rows.values
        let heads = (0..<headCount).map { head in
            // What all other heads have read is 0.
            let own = Tensor(shape: rows.shape) { out in
                for place in values.indices { out[place] = place % width / size == head ? values[place] : 0 }
            }
            return (source: source(head), vectors: own)
        }
        return try SplitState(context, at: x.places, try SplitVectors(heads)).mapped { x throws(ShapeError) in
            try output(x)
        }
    }

    /// What the heads compare when a text looks at itself.
    package func splitHeads(reading x: SplitState) throws(ShapeError) -> SplitHeads {
        SplitHeads(queries: try splitQueries(reading: x), keys: try splitKeys(reading: x))
    }

    /// What the heads look for.
    package func splitQueries(reading x: SplitState) throws(ShapeError) -> SplitVectors {
        try x.split.mapped { parts throws(ShapeError) in
            try mechanism.compared(try query(parts).splitIntoHeads(headCount), positions: x.positions(of: parts))
        }
    }

    /// What the heads compare that with.
    package func splitKeys(reading x: SplitState) throws(ShapeError) -> SplitVectors {
        try x.split.mapped { parts throws(ShapeError) in
            try remember(parts, positions: x.positions(of: parts)).keys
        }
    }
}

extension SplitState {
    /// Where the places stand, for each part.
    fileprivate func positions(of parts: Tensor) -> Positions {
        .at([[Int]](repeating: places, count: parts.shape[0]))
    }
}
