public import AttentionInspection
public import AttentionModels
import AttentionTensors
import AttentionText

/// How a task is run, and what is noted besides its answers.
///
/// ```swift
/// var run = TaskRun(observing: AttentionSelection(layers: [5], heads: [0, 3]))
/// let vector = try embedder.embed(["A cat sleeps."], in: &run)[0]
/// let weights = run.attentions[0].layers[0].weights
/// ```
public struct TaskRun: Sendable {
    /// What becomes of texts that are longer than the model reads.
    public enum LongTexts: Sendable, Hashable {
        /// They are cut at the end, and noted in `cutTexts`.
        case cut
        /// They are an error.
        case refused
    }

    /// A text that was cut.
    public struct CutText: Sendable, Hashable {
        /// How many pieces it has, special ones included.
        public let pieceCount: Int
        /// How many of them were read.
        public let readCount: Int
    }

    /// Where chosen heads looked in one row of pieces: a text, a pair, or a window of a long context; or, where the pieces were written of
    /// a sound, among its moments.
    public struct ObservedRow: Sendable {
        /// The pieces that look, and what is known of them.
        public let looking: TracedSequence
        /// The same as the vocabulary spells them.
        public var pieces: [String] { looking.pieces }
        /// What is looked at: the pieces, or places of a picture that something is written about; empty for the moments of a sound.
        public let places: [String]
        /// The chosen heads of each chosen layer, [heads, L, K].
        public let layers: [LayerAttention]
        /// What the last of those that are looked at are places of, as the model saw or heard it; nil of texts, and where it is not known. Of a
        /// sound only moments that have sound are.
        public let picture: TracedPicture?
        /// Which of the places that are looked at have sound, where others hold nothing but the silence that fills up a window; nil where all are
        /// looked at for what they hold.
        public let soundPlaces: [Int]?
        /// How many of the moments or places that are looked at hold nothing but the silence that fills up a window.
        public var silentCount: Int {
            guard let soundPlaces, let first = layers.first else { return 0 }
            return first.weights.shape[2] - soundPlaces.count
        }
    }

    /// What becomes of texts that are longer than the model reads.
    public var longTexts: LongTexts
    /// Which heads are looked into.
    public var observing: AttentionSelection
    /// Texts that were cut, in the order in which they came.
    public internal(set) var cutTexts: [CutText] = []
    /// Where the chosen heads looked, a row for each that the model read, in their order. Kept for as long as the run.
    public internal(set) var attentions: [ObservedRow] = []
    /// Where the chosen heads looked while texts were written, or read from left to right: a trace for each, in their order, with all kinds of
    /// attention of the model. Kept for as long as the run.
    public internal(set) var traces: [ModelTrace] = []
    /// Sentences whose translations took all the places that the model can write, and had no end there: traces show them as far as that.
    public internal(set) var endlessTexts: [String] = []

    /// A run in which nothing is noted yet.
    public init(longTexts: LongTexts = .cut, observing: AttentionSelection = .none) {
        (self.longTexts, self.observing) = (longTexts, observing)
    }
}

extension TaskRun.ObservedRow {
    /// Row `row` of a batch of texts.
    init(_ encoding: Encoding, by tokenizer: Tokenizer, _ row: Int, of layers: [LayerAttention]) throws {
        let texts = zip(encoding.ids, encoding.specialTokensMask).map { $1 ? nil : tokenizer.addedText(of: $0) }
        let sources = encoding.sequenceIDs
        try self.init(
            looking: try TracedSequence(
                name: "text", pieces: encoding.pieces, adding: texts, segments: sources.contains(1) ? sources : nil),
            row, of: layers)
    }

    /// Row `row` of a batch, what looks, and what the names of what it looks at are; at itself if nil.
    init(
        looking: TracedSequence, places: [String]? = nil, on picture: TracedPicture? = nil, _ row: Int,
        of layers: [LayerAttention]
    ) throws(ShapeError) {
        let (pieces, places) = (looking.pieces, places ?? looking.pieces)
        var own: [LayerAttention] = []
        for attention in layers {
            let weights = try attention.weights.sliced(axis: 0, row..<row + 1).squeezed(axis: 0)
            let part = try weights.sliced(axis: 1, 0..<pieces.count).sliced(axis: 2, 0..<places.count)
            own.append(LayerAttention(layer: attention.layer, weights: part.contiguous()))
        }
        (self.looking, self.places, self.layers, self.picture) = (looking, places, own, picture)
        soundPlaces = nil
    }

    /// Row `row` of a batch of pictures, whose places are looked at: all of them by each layer, be it by many or by one.
    ///
    /// - Parameter soundPlaces: which of them have sound; all are pictures' if nil.
    init(
        looking: [String], places: [String], on picture: TracedPicture?, soundPlaces: [Int]? = nil, ofPicture row: Int,
        _ layers: [LayerAttention]
    ) throws {
        var own: [LayerAttention] = []
        for attention in layers {
            let weights = try attention.weights.sliced(axis: 0, row..<row + 1).squeezed(axis: 0)
            own.append(LayerAttention(layer: attention.layer, weights: weights.contiguous()))
        }
        self.looking = try TracedSequence(name: "text", pieces: looking)
        (self.places, self.layers, self.picture, self.soundPlaces) = (places, own, picture, soundPlaces)
    }

    /// The only row of a batch of pieces [1, heads, L, moments] that look at a sound, of which the first moments have sound.
    init(
        looking: TracedSequence, on picture: TracedPicture?, atMoments layers: [LayerAttention], soundCount: Int
    ) throws(ShapeError) {
        var own: [LayerAttention] = []
        for attention in layers {
            own.append(LayerAttention(layer: attention.layer, weights: try attention.weights.squeezed(axis: 0)))
        }
        (self.looking, self.places, self.layers, self.picture) = (looking, [], own, picture)
        soundPlaces = Array(0..<soundCount)
    }
}
