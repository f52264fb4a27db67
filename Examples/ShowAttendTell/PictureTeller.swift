package import AttentionLayers
import AttentionMechanisms
package import AttentionTensors
package import AttentionTraining
package import AttentionVariants

/// A network that says what it sees: convolutions make places of the picture, and before each word a recurrent teller looks at them.
///
///     a = convolutions(picture) + positions,   (h_0, c_0) = tanh(W mean_i a_i + b)
///     h_t = LSTM([E word_{t−1}; z_{t−1}], h_{t−1}),   z_t = look(h_t, a),   p(word_t) = softmax(L_h h_t + L_z z_t + b)
///
/// *Source:* Xu et al. 2015, *Show, Attend and Tell*, sec. 3.1, with convolutions that are learnt, too. What differs: a look follows the state that knows the
/// word before, so that z_t is what word t is told of.
package struct PictureTeller<Looking: Look>: Module {
    /// Behind each: its norm and relu.
    package var convolutions: [Convolution2D]
    /// One for each convolution.
    package var norms: [GroupNorm]
    /// A vector for each place, [1, L, A].
    package var positions: Parameter
    /// From the mean of the places to the first state.
    package var start: Linear
    /// E: the word before, or that there is none yet.
    package var words: Embedding
    /// The teller.
    package var cell: LSTMCell
    /// How states and places are compared, and the gate.
    package var attention: SpatialSoftAttention
    /// How it looks.
    package var look: Looking
    /// To the words and the end.
    package var output: WordOutput
    /// Its sizes.
    package let sizes: TellerSizes
    /// The words it knows.
    package let vocabulary: Vocabulary

    /// A teller of these words, drawn from `key`.
    package init(_ look: Looking, _ sizes: TellerSizes, _ vocabulary: Vocabulary, key: RandomKey) {
        let size = sizes.convolutions.last ?? sizes.channelCount
        convolutions = zip([sizes.channelCount] + sizes.convolutions, sizes.convolutions).enumerated().map {
            Convolution2D($1.0, $1.1, size: (3, 3), padding: (1, 1), key: key[0][$0])
        }
        norms = sizes.convolutions.map { GroupNorm($0, groupCount: 4) }
        positions = Parameter(.normal([1, sizes.grid.rows * sizes.grid.columns, size], deviation: 0.2, key: key[1]))
        start = Linear(size, 2 * sizes.stateSize, key: key[2])
        words = Embedding(vocabulary.count, sizes.wordSize, key: key[3])
        cell = LSTMCell(sizes.wordSize + size, sizes.stateSize, key: key[4])
        attention = SpatialSoftAttention(
            stateSize: sizes.stateSize, annotationSize: size, hiddenSize: sizes.hiddenSize, key: key[5])
        self.look = look
        output = WordOutput(stateSize: sizes.stateSize, sightSize: size, wordCount: vocabulary.count, key: key[6])
        (self.sizes, self.vocabulary) = (sizes, vocabulary)
    }

    /// The places of pictures, [B, L, A].
    private func places(of pictures: [CaptionedPicture]) throws(ShapeError) -> Tensor {
        var x = try Tensor(
            pictures.flatMap(\.pixels), shape: [pictures.count, sizes.channelCount, sizes.height, sizes.width])
        for (index, (convolution, norm)) in zip(convolutions, norms).enumerated() {
            x = try norm(try convolution(x)).relu()
            if index < sizes.poolingCount { x = try maximumPooling2D(x, kernel: (2, 2)) }
        }
        let (count, size) = (positions.shape[1], positions.shape[2])
        return try x.reshaped(to: [pictures.count, size, count]).transposed(1, 2) + positions.tensor
    }

    /// What is told while the words before each are known or, without them, as they are told.
    private func steps(
        _ pictures: [CaptionedPicture], count: Int, known: [[Int]]?, training key: RandomKey? = nil
    ) throws(ShapeError) -> [(logits: Tensor, glance: Glance)] {
        let places = try places(of: pictures)
        let memory = try attention.remember(places)
        let prospect = try look.prospect(of: memory, by: output)
        let first = try start(try places.mean(axis: 1), activation: .tanh).split(count: 2, axis: 1)
        var state = RecurrentState(hidden: first[0], cell: first[1])
        var seen = Tensor.zeros([pictures.count, places.shape[2]])
        var previous = [Int](repeating: vocabulary.end, count: pictures.count)
        var steps: [(logits: Tensor, glance: Glance)] = []
        for step in 0..<count {
            let key = key?[step]
            state = try cell(try concatenated([try words(previous), seen], axis: 1), state)
            let glance = try look.glance(state.hidden, memory, by: attention, training: key?[0])
            let told = key.map { state.hidden.dropout(sizes.dropout, key: $0[1]) } ?? state.hidden
            let logits = try look.words(told, glance, prospect, by: output)
            steps.append((logits, glance))
            seen = glance.seen
            previous =
                known.map { $0.map { step < $0.count ? $0[step] : vocabulary.end } } ?? logits.indicesOfMaximum()
        }
        return steps
    }

    /// The summed loss of pictures: −ln P of each word and of the end, given the words before, and what the looks cost.
    package func loss(_ pictures: [CaptionedPicture], key: RandomKey) throws(ShapeError) -> LossValue {
        let captions = pictures.map { vocabulary.numbers(of: $0.words) + [vocabulary.end] }
        let count = captions.map(\.count).max() ?? 0
        let steps = try steps(pictures, count: count, known: captions, training: key)
        let targets = captions.flatMap { caption in
            (0..<count).map { $0 < caption.count ? Optional(caption[$0]) : nil }
        }
        let logits = try stacked(steps.map(\.logits), axis: 1).reshaped(to: [targets.count, vocabulary.count])
        let named = try logits.crossEntropy(targets: targets)
        let weight = Double(captions.reduce(0) { $0 + $1.count })
        let cost = try look.cost(of: steps.map(\.glance), ToldCaptions(captions, logits: logits))
        return LossValue(
            total: cost.map { named + $0 } ?? named, weight: weight, parts: ["words": named.scalar])
    }

    /// A caption as it was told, and where the teller looked before each of its words and, unless it was broken off, before its end:
    /// shares of the places, row by row.
    package struct Telling: Sendable {
        package let words: [String]
        package let looks: [[Float]]
    }

    /// Tells what is on pictures, the likeliest word each time, up to so many.
    package func tell(_ pictures: [CaptionedPicture], limit: Int) throws(ShapeError) -> [Telling] {
        let steps = try steps(pictures, count: limit + 1, known: nil)
        let choices = steps.map { $0.logits.indicesOfMaximum() }
        let looks = steps.map { $0.glance.weights.values }
        let count = positions.shape[1]
        return pictures.indices.map { row in
            let said = choices.map { $0[row] }
            let told = said.prefix(limit).prefix { $0 != vocabulary.end }
            let lookCount = said[told.count] == vocabulary.end ? told.count + 1 : told.count
            return Telling(
                words: told.map { vocabulary.words[$0] },
                looks: looks.prefix(lookCount).map { Array($0[row * count..<(row + 1) * count]) })
        }
    }

    /// `convolutions.0.…`, `norms.0.…`, `positions`, `start`, `words`, `cell`, `attention`, `look` and `output`.
    package mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try convolutions.visit(&visitor, path / "convolutions")
        try norms.visit(&visitor, path / "norms")
        try positions.visit(&visitor, path / "positions")
        try start.visit(&visitor, path / "start")
        try words.visit(&visitor, path / "words")
        try cell.visit(&visitor, path / "cell")
        try attention.visit(&visitor, path / "attention")
        try look.visit(&visitor, path / "look")
        try output.visit(&visitor, path / "output")
    }
}
