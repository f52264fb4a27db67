public import AttentionDecoding
import AttentionInspection
public import AttentionModels
public import AttentionSignals
public import AttentionTensors
import AttentionText

/// Says in words what is to be seen on a picture, or what is written there (Li et al. 2022, *BLIP*; Li et al. 2021, *TrOCR*).
///
/// ```swift
/// let captioner = try Captioner(path: "vit-gpt2-image-captioning")
/// print(try captioner.caption(Image(contentsOf: "beach.jpg")).text)
/// ```
///
/// A value that may be shared by any number of tasks; copies share the weights.
public struct Captioner: HeadedModel {
    /// How far, by which search, and what is allowed: at first as the folder says.
    public var configuration: GenerationConfiguration
    /// Where randomness comes from.
    public var key = RandomKey(seed: 0)
    /// Words behind which nothing is to follow; they are not part of the text.
    public var stopWords: [String] = []
    /// What every caption begins with, such as "a photograph of".
    public var prompt = ""
    private let model: CaptioningModel
    private let processor: ImageProcessor
    private let tokenizer: Tokenizer

    /// The heads that can be left out.
    public var heads: HeadCounts { model.heads }

    /// What was written.
    public struct Caption: Sendable, Hashable {
        /// The text, the prompt included.
        public let text: String
        /// The tokens behind the prompt, the one that ended them included.
        public let tokens: [Int]
        /// ln P of them; with beams divided by length^α.
        public let score: Double
    }

    /// Opens a folder.
    /// - Throws: `PretrainedError`, `SafetensorsError`, `TokenizerError` or `SignalError` naming the file and what is wrong with it.
    public init(path: String) throws {
        let folder = try PretrainedFolder(path: path)
        guard let model = try folder.model().captioningModel else {
            throw PretrainedError.wrongTask(
                needed: "an encoder of pictures and a decoder of words", found: folder.architecture, folder: path)
        }
        self.model = model
        configuration = try folder.generation()
        processor = try ImageProcessor(contentsOf: path)
        tokenizer = try Tokenizer(folder: path).limited(truncation: nil, padding: nil)
    }

    /// The likeliest caption of a picture.
    /// - Throws: `SignalError` if the picture cannot be brought to the size that the model sees; `SearchError` if a setting makes no sense, or the
    ///   task is cancelled.
    public func caption(_ image: Image) throws -> Caption {
        var run = TaskRun()
        return try caption(image, in: &run)
    }

    /// The same in a run that says more of it: where each token of the caption looked on the picture.
    /// - Throws: as above; `PretrainedError` if there is no head that the run asks for.
    public func caption(_ image: Image, in run: inout TaskRun) throws -> Caption {
        try run.observing.check(layerCount: model.decoder.layers.count, headCount: model.decoder.headCount)
        let pixels: PixelBatch = try processor([image])
        let images = try Tensor(pixels)
        let given = prompt.isEmpty ? [] : tokenizer.encode(prompt, addingSpecialTokens: false).ids
        let beginning = (configuration.startToken.map { [$0] } ?? []) + given
        var start = try model.start(images)
        start.prompts = [beginning]
        let found = try model.generateRecorded(start, generation)[0]
        guard let best = found.hypotheses.first else {
            return Caption(text: prompt, tokens: [], score: 0)
        }
        if !run.observing.isEmpty {
            let grid = model.encoder.placeGrid(height: pixels.height, width: pixels.width)
            run.attentions.append(
                try observed(
                    images, on: try grid.map { try TracedPicture(image, processor, $0) }, beginning + best.tokens,
                    try TracedBeam(
                        found.history, of: best, as: best.tokens.count, behind: beginning.count, by: tokenizer),
                    run.observing))
        }
        return Caption(
            text: tokenizer.decode(given + best.tokens).cut(before: stopWords),
            tokens: best.tokens + (best.endToken.map { [$0] } ?? []),
            score: configuration.beamSize > 1 ? best.score : best.logProbability)
    }

    private var generation: Generation {
        Generation(
            configuration, key: key,
            stops: stopWords.isEmpty ? [] : [StopWords(stopWords, tokenizer: tokenizer)])
    }

    /// Where these tokens, which that beam has written, look on the picture.
    private func observed(
        _ images: Tensor, on picture: TracedPicture?, _ tokens: [Int], _ beam: TracedBeam?,
        _ selection: AttentionSelection
    ) throws -> TaskRun.ObservedRow {
        let trace = try model.trace(
            images, try TokenBatch([tokens], padding: 0), observing: Observation(attentions: selection))
        let places =
            model.encoder.placeNames(height: images.shape[2], width: images.shape[3])
            ?? (0..<trace.encoded.last.shape[1]).map { "place \($0 + 1)" }
        return try TaskRun.ObservedRow(
            looking: try TracedSequence(name: "target", reading: tokens, by: tokenizer, beam: beam), places: places,
            on: picture, 0, of: trace.decoded.sourceAttentions)
    }
}
