public import AttentionMechanisms
public import AttentionTensors

/// A document as one vector: words are pooled to sentences, sentences to the document, each by a `ContextPooling`.
///
/// Where encoders stand before each level, as in the paper, call the two poolings themselves.
///
/// *Source:* Yang et al. 2016, *Hierarchical Attention Networks for Document Classification*, eq. 5–10.
public struct HierarchicalAttention: Module {
    /// From words to sentences.
    public var word: ContextPooling
    /// From sentences to the document.
    public var sentence: ContextPooling

    /// What documents are read as.
    public struct Result: Sendable {
        /// Documents, [B, D].
        public let output: Tensor
        /// [B, S, W].
        public let wordWeights: Tensor
        /// [B, S].
        public let sentenceWeights: Tensor
        /// [B, S, D]; 0 for a sentence without words.
        public let sentences: Tensor
    }

    /// Two levels.
    public init(word: ContextPooling, sentence: ContextPooling) {
        self.word = word
        self.sentence = sentence
    }

    /// Two levels for vectors of `size`, their parameters drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(_ size: Int, hiddenSize: Int, key: RandomKey) {
        self.init(
            word: ContextPooling(size, hiddenSize: hiddenSize, key: key[0]),
            sentence: ContextPooling(size, hiddenSize: hiddenSize, key: key[1]))
    }

    /// Words [B, S, W, D] → documents. Sentences without words do not count; a document without any is 0.
    ///
    /// - Parameter wordLengths: how many words of each sentence are real, B · S of them, row-major; nil when all are.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(_ words: Tensor, wordLengths: [Int]? = nil) throws(ShapeError) -> Result {
        guard words.shape.rank == 4 else {
            throw ShapeError("hierarchicalAttention", expected: "words [B, S, W, D]", found: "\(words.shape)")
        }
        let (batch, sentenceCount, wordCount, size) = (
            words.shape[0], words.shape[1], words.shape[2], words.shape[3]
        )
        let flat = try words.reshaped(to: [batch * sentenceCount, wordCount, size])
        let (pooled, wordWeights) = try word(flat, lengths: wordLengths)
        let sentences = try pooled.reshaped(to: [batch, sentenceCount, size])
        let isFull = (0..<batch * sentenceCount).map { (wordLengths?[$0] ?? wordCount) > 0 }
        let mask = try Mask(isFull, shape: [batch, sentenceCount])
        let (document, sentenceWeights) = try sentence(sentences, scope: .keyMask(mask))
        return Result(
            output: document, wordWeights: try wordWeights.reshaped(to: [batch, sentenceCount, wordCount]),
            sentenceWeights: sentenceWeights, sentences: sentences)
    }

    /// `word.…` and `sentence.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try word.visit(&visitor, path / "word")
        try sentence.visit(&visitor, path / "sentence")
    }
}

extension HierarchicalAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "hierarchical", "Hierarchical attention", .composition,
        formula:
            "per level: u = tanh(W h + b), α = softmax(u · c), Σ α h; words to sentences, sentences to the document",
        cost: "O(S W D A) time, for S sentences of W words",
        use: "Documents: which sentences decide, and which words in them.",
        source: "Yang et al. 2016, Hierarchical Attention Networks for Document Classification, eq. 5–10",
        example: Example(draws: "word_weights") { material in
            // A single word is both sentences.
            let (half, size) = (max(1, material.length / 2), material.size)
            let words = try material.states.at(0).selecting((0..<2 * half).map { min($0, material.length - 1) })
                .reshaped(to: [1, 2, half, size])
            return ["words": .real(words), "word_lengths": .integers([half, half], shape: [1, 2])]
                + material.maps(["word", "sentence"], size, size)
                + material.parameters(["word.context": [size], "sentence.context": [size]])
        }
    ) { request in
        func level(_ name: String) throws -> ContextPooling {
            ContextPooling(
                weight: try request.tensor("\(name).weight"), bias: try request.tensor("\(name).bias"),
                context: try request.tensor("\(name).context"))
        }
        let attention = HierarchicalAttention(word: try level("word"), sentence: try level("sentence"))
        let result = try attention(
            try request.tensor("words"), wordLengths: try request.lengths("word_lengths"))
        return [
            "output": .real(result.output), "word_weights": .real(result.wordWeights),
            "sentence_weights": .real(result.sentenceWeights), "sentences": .real(result.sentences),
        ]
    }
}
