import AttentionLayers
import AttentionMechanisms
import AttentionTensors

extension CausalDecoder {
    /// What the heads of a layer compare at some places of a text, by what has written it.
    /// - Throws: `ShapeError` if an id is outside the vocabulary, or there is no such place.
    func splitHeads(_ ids: [Int], at places: [Int], ofLayer index: Int) throws(ShapeError) -> SplitHeads {
        let words = scaled(try words.weight.rows(ids, shape: [1, ids.count]))
        var written: [(source: VectorSource, all: Tensor)] = [(.token, words)]
        if let positions { written.append((.position, try positions(.zeros(words.shape), positions: .from(0)))) }
        var x = try SplitState(written, at: places)
        for (place, layer) in layers[..<index].enumerated() { x = try layer.placed(at: place).split(x, at: place) }
        return try layers[index].splitHeads(reading: x)
    }
}

extension CausalLayer {
    /// What the layer makes of a text, by what has written it: each of its heads, its feed-forward network, and all that was there before.
    fileprivate func split(_ x: SplitState, at index: Int) throws(ShapeError) -> SplitState {
        let attended = try selfAttentionResidual.split(x) { read throws(ShapeError) in
            try selfAttention.split(read) { .head($0, layer: index) }
        }
        return try feedForwardResidual.split(attended, reading: arrangement == .sideBySide ? x : nil) {
            read throws(ShapeError) in
            try SplitState(try feedForward(read.all), at: read.places, writtenBy: .feedForward(layer: index))
        }
    }

    /// What its heads compare.
    fileprivate func splitHeads(reading x: SplitState) throws(ShapeError) -> SplitHeads {
        try selfAttention.splitHeads(reading: try selfAttentionResidual.read(x))
    }
}
