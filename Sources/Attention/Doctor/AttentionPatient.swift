import AttentionDecoding
import AttentionLayers
import AttentionMechanisms
package import AttentionModels
public import AttentionTensors

/// A model that is examined on texts of its own: where its heads look, and whether what must not matter does not.
public protocol AttentionPatient: Sendable {
    /// Every parameter.
    var parameters: [(name: String, parameter: Parameter)] { get }
    /// Where all heads look in the texts.
    func samples() throws -> [AttentionSample]
    /// How much of what is computed at a place changes with what comes behind it; nil where that is as it should be.
    func changeFromLater() throws -> Float?
    /// How much changes when a text stands beside a longer one; nil where texts never stand side by side.
    func changeFromPadding() throws -> Float?
    /// How far it is, position by position, from what it is at once; nil where there is no such thing.
    func changeFromCaching() throws -> Float?
}

/// An encoder and the ids of texts.
package struct EncoderPatient<Encoder: TextEncoder>: AttentionPatient {
    let encoder: Encoder
    let texts: [[Int]]
    let types: [[Int]]
    let padding: Int

    /// An encoder that reads these texts.
    package init(encoder: Encoder, texts: [[Int]], types: [[Int]], padding: Int) {
        (self.encoder, self.texts, self.types, self.padding) = (encoder, texts, types, padding)
    }

    package var parameters: [(name: String, parameter: Parameter)] { encoder.parameters() }

    package func samples() throws -> [AttentionSample] {
        let found = try encode(Array(texts.indices), observing: Observation(attentions: .all))
        let counts = texts.map(\.count)
        return [AttentionSample(.encoder, found.attentions, queryCounts: counts, keyCounts: counts)]
    }

    package func changeFromLater() -> Float? { nil }

    package func changeFromPadding() throws -> Float? {
        let together = try encode(Array(texts.indices), observing: .nothing).last
        return try texts.indices.reduce(0 as Float) { greatest, row in
            let alone = try encode([row], observing: .nothing).last
            let own = try together.sliced(axis: 0, row..<row + 1).sliced(axis: 1, 0..<texts[row].count)
            return max(greatest, own.relativeDistance(to: alone))
        }
    }

    package func changeFromCaching() -> Float? { nil }

    private func encode(_ rows: [Int], observing: Observation) throws -> EncoderOutput {
        let batch = try TokenBatch(rows.map { texts[$0] }, types: rows.map { types[$0] }, padding: padding)
        return try encoder.encode(batch, observing: observing, training: nil)
    }
}

/// A language model and the ids of texts.
package struct LanguagePatient<Model: LanguageModel>: AttentionPatient {
    let model: Model
    let texts: [[Int]]

    /// A model that reads these texts.
    package init(model: Model, texts: [[Int]]) { (self.model, self.texts) = (model, texts) }

    package var parameters: [(name: String, parameter: Parameter)] { model.parameters() }

    package func samples() throws -> [AttentionSample] {
        try texts.map { text in
            let layers = try forward(text, observing: Observation(attentions: .all)).compactMap { output in
                output.name.split(separator: ".").last.flatMap { Int($0) }.flatMap { layer in
                    output.name.hasPrefix("attentions.") ? LayerAttention(layer: layer, weights: output.tensor) : nil
                }
            }
            return AttentionSample(.decoder, layers, queryCounts: [text.count], keyCounts: [text.count])
        }
    }

    package func changeFromLater() throws -> Float? {
        try texts.filter { $0.count > 1 }.reduce(0 as Float) { greatest, text in
            let short = try logits(text.dropLast())
            let long = try logits(text[...]).sliced(axis: 1, 0..<text.count - 1)
            return max(greatest, long.relativeDistance(to: short))
        }
    }

    package func changeFromPadding() -> Float? { nil }

    package func changeFromCaching() throws -> Float? {
        try texts.reduce(0 as Float) { greatest, text in
            var state = model.start(rowCount: 1, format: .float32)
            var steps: [Tensor] = []
            for token in text {
                guard let logits = try model.step([[token]], &state, wanting: .logits).logits else { continue }
                steps.append(logits)
            }
            return max(greatest, try stacked(steps, axis: 1).relativeDistance(to: try logits(text[...])))
        }
    }

    private func forward(_ text: some Collection<Int>, observing: Observation) throws -> [NamedTensor] {
        let bytes = try Safetensors.encoded([
            try Safetensors.Entry("input_ids", Array(text), shape: [1, text.count])
        ])
        return try model.forward(try SafetensorsFile(bytes, source: "the text"), observing: observing)
    }

    private func logits(_ text: ArraySlice<Int>) throws -> Tensor {
        try forward(text, observing: .nothing).first { $0.name == "logits" }?.tensor ?? .zeros([1, text.count, 1])
    }
}

/// A model that reads and writes, and the ids of sources and targets, both with their ends.
package struct SequencePatient<Model: SequenceToSequence>: AttentionPatient {
    let model: Model
    let pairs: [(source: [Int], target: [Int])]
    let start: Int
    let padding: Int

    /// A model that reads these sources and writes these targets.
    package init(model: Model, pairs: [(source: [Int], target: [Int])], start: Int, padding: Int) {
        (self.model, self.pairs, self.start, self.padding) = (model, pairs, start, padding)
    }

    package var parameters: [(name: String, parameter: Parameter)] { model.parameters() }

    package func samples() throws -> [AttentionSample] {
        let seen = try model.attention(batch(pairs), observing: SequenceObservation())
        let (sources, targets) = (pairs.map(\.source.count), pairs.map(\.target.count))
        return [
            AttentionSample(.encoder, seen.encoder, queryCounts: sources, keyCounts: sources),
            AttentionSample(.decoder, seen.decoder, queryCounts: targets, keyCounts: targets),
            AttentionSample(.cross, seen.cross, queryCounts: targets, keyCounts: sources),
        ].filter { !$0.layers.isEmpty }
    }

    package func changeFromLater() throws -> Float? {
        try pairs.filter { $0.target.count > 2 }.reduce(0 as Float) { greatest, pair in
            // The last id of a target is never read, so the one before it is the last that could matter.
            var other = pair
            other.target[pair.target.count - 2] = pair.target[0]
            let count = pair.target.count - 1
            let (one, two) = (try states([pair]), try states([other]))
            return max(greatest, try two[0].prefix(count).relativeDistance(to: one[0].prefix(count)))
        }
    }

    package func changeFromPadding() throws -> Float? {
        let together = try states(pairs)
        return try pairs.indices.reduce(0 as Float) { greatest, row in
            max(greatest, together[row].relativeDistance(to: try states([pairs[row]])[0]))
        }
    }

    package func changeFromCaching() throws -> Float? {
        try pairs.reduce(0 as Float) { greatest, pair in
            var state = try model.start(batch([pair]).source)
            var steps: [Tensor] = []
            for token in [start] + pair.target.dropLast() {
                guard let hidden = try model.step([[token]], &state, wanting: .hidden).hidden else { continue }
                steps.append(try hidden.squeezed(axis: 1).squeezed(axis: 0))
            }
            return max(greatest, try stacked(steps).relativeDistance(to: try states([pair])[0]))
        }
    }

    private func batch(_ pairs: [(source: [Int], target: [Int])]) -> SequencePairBatch {
        SequencePairBatch(
            pairs, special: SpecialTokens(padding: padding, start: start, end: pairs.first?.target.last ?? 0))
    }

    /// What each position of each target sees, [T, M].
    private func states(_ pairs: [(source: [Int], target: [Int])]) throws -> [Tensor] {
        let length = pairs.map(\.target.count).max() ?? 0
        let hidden = try model.hiddenStates(batch(pairs), training: nil)
        return try pairs.enumerated().map { row, pair in
            try hidden.sliced(axis: 0, row * length..<row * length + pair.target.count)
        }
    }
}

extension Tensor {
    /// The first rows.
    fileprivate func prefix(_ count: Int) throws -> Tensor { try sliced(axis: 0, 0..<count) }

    /// The greatest difference, by the greatest number of the other; infinite where either holds what is no number.
    fileprivate func relativeDistance(to other: Tensor) -> Float {
        let (own, others) = (values, other.values)
        guard own.count == others.count, (own + others).allSatisfy(\.isFinite) else { return .infinity }
        let scale = others.reduce(Float(1e-6)) { max($0, abs($1)) }
        return zip(own, others).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
    }
}
