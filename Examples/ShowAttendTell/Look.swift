package import AttentionLayers
package import AttentionMechanisms
package import AttentionTensors
package import AttentionVariants

/// How one looks at the places of a picture before each word: at all of them a little, or at one; and how that is learnt.
package protocol Look: Module {
    /// What words are told of that is the same for all words of a caption; nothing for most.
    associatedtype Prospect: Sendable = Void

    /// What is made of the places once, before the first word.
    func prospect(of places: Memory, by output: WordOutput) throws(ShapeError) -> Prospect

    /// What states [B, S] see of the places.
    /// - Parameter key: the source of what is drawn; nil when not training.
    func glance(
        _ state: Tensor, _ places: Memory, by attention: SpatialSoftAttention, training key: RandomKey?
    ) throws(ShapeError) -> Glance

    /// The logits of the next words, [B, V].
    func words(
        _ state: Tensor, _ glance: Glance, _ prospect: Prospect, by output: WordOutput
    ) throws(ShapeError) -> Tensor

    /// What the looks of whole captions cost beside what their words do, a scalar; nil for nothing.
    func cost(of glances: [Glance], _ told: ToldCaptions) throws(ShapeError) -> Tensor?
}

extension Look {
    /// The mean of all places, each by its share.
    package func glance(
        _ state: Tensor, _ places: Memory, by attention: SpatialSoftAttention, training key: RandomKey?
    ) throws(ShapeError) -> Glance {
        try Glance(try attention(state.unsqueezed(axis: 1), places))
    }

    /// Words told of what was seen.
    package func words(
        _ state: Tensor, _ glance: Glance, _ prospect: Prospect, by output: WordOutput
    ) throws(ShapeError) -> Tensor {
        try output(state, glance.seen)
    }

    /// Nothing.
    package func cost(of glances: [Glance], _ told: ToldCaptions) throws(ShapeError) -> Tensor? { nil }

    /// A look has no parameters of its own, unless it says so.
    package mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}

extension Look where Prospect == Void {
    /// Nothing.
    package func prospect(of places: Memory, by output: WordOutput) throws(ShapeError) {}
}

/// What was seen before a word.
package struct Glance: Sendable {
    /// z, [B, A]: what the next state is told of it.
    package let seen: Tensor
    /// α, [B, L]: how the look was shared among the places.
    package let weights: Tensor
    /// The gate, [B, 1].
    package let gate: Tensor
    /// The place that was drawn, if one was.
    package var draw: Draw?

    /// A place that was drawn for each caption.
    package struct Draw: Sendable {
        /// The place, its ln α and the entropy of α.
        let sample: HardSample
        /// 1 for the captions to which the place was shown, 0 for those that saw the expectation.
        let isShown: [Float]
        /// b, [B, 1]: how likely the rest of the caption was expected to be.
        let expected: Tensor

        /// A draw of this sample.
        package init(sample: HardSample, isShown: [Float], expected: Tensor) {
            (self.sample, self.isShown, self.expected) = (sample, isShown, expected)
        }
    }

    /// What `SpatialSoftAttention` saw of one state each.
    init(_ found: SpatialSoftAttention.Result) throws(ShapeError) {
        seen = try found.output.squeezed(axis: 1)
        weights = try found.weights.squeezed(axis: 1)
        gate = found.gate
    }

    /// What was seen at a place that was drawn.
    package init(seen: Tensor, weights: Tensor, gate: Tensor, draw: Draw) {
        (self.seen, self.weights, self.gate, self.draw) = (seen, weights, gate, draw)
    }
}

/// Captions as they were told, word by word.
package struct ToldCaptions: Sendable {
    /// 1 for each word and the end, 0 behind it, [T][B].
    package let isWord: [[Float]]
    private let captions: [[Int]]
    private let logits: Tensor

    /// Captions, each with its end, that were told by logits [B · T, V], T words of one after those of another.
    package init(_ captions: [[Int]], logits: Tensor) {
        let count = captions.map(\.count).max() ?? 0
        isWord = (0..<count).map { step in captions.map { step < $0.count ? 1 : 0 } }
        (self.captions, self.logits) = (captions, logits.detached())
    }

    /// ln P of each word, [T][B]; 0 behind the end.
    package func logProbabilities() throws(ShapeError) -> [[Float]] {
        let (logarithms, wordCount) = (try logits.logSoftmax().values, logits.shape[1])
        return isWord.indices.map { step in
            captions.enumerated().map { row, caption in
                step < caption.count ? logarithms[(row * isWord.count + step) * wordCount + caption[step]] : 0
            }
        }
    }
}

/// To the words, from the state and from what was seen: L_h h + L_z z + b (Xu et al. 2015, eq. 7, without its first layer and the word before, of which
/// the state knows).
package struct WordOutput: Module {
    /// L_h and b.
    package var state: Linear
    /// L_z.
    package var sight: Linear

    /// A map drawn from `key`.
    package init(stateSize: Int, sightSize: Int, wordCount: Int, key: RandomKey) {
        state = Linear(stateSize, wordCount, key: key[0])
        sight = Linear(sightSize, wordCount, hasBias: false, key: key[1])
    }

    /// States [B, S] and what they saw, [B, A] → logits [B, V].
    package func callAsFunction(_ hidden: Tensor, _ seen: Tensor) throws(ShapeError) -> Tensor {
        try sight(seen, residual: try state(hidden))
    }

    /// `state` and `sight`.
    package mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try state.visit(&visitor, path / "state")
        try sight.visit(&visitor, path / "sight")
    }
}
