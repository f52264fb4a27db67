import AttentionInspection
public import AttentionModels
public import AttentionSignals
import AttentionTensors

/// What is to be heard in a sound: which class it is of, by an audio spectrogram transformer (Gong, Chung & Glass 2021).
///
/// ```swift
/// let labeler = try SoundLabeler(path: "ast-finetuned-audioset")
/// print(try labeler.label(Sound(contentsOf: "rain.wav"))[0].label)
/// ```
///
/// Of a sound as much is heard as the model was made for: the rest is cut, what is missing is silence. A value that may be shared by any number of tasks; copies
/// share the weights.
public struct SoundLabeler: HeadedModel {
    /// What the classes are called.
    public let labels: [String]
    private let model: SpectrogramModel
    private let processor: AudioProcessor

    /// The heads that can be left out.
    public var heads: HeadCounts { model.heads }

    /// Opens the folder of a model with classes.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `SignalError` naming the file and what is wrong with it.
    public init(path: String) throws {
        let folder = try PretrainedFolder(path: path)
        guard let model = try folder.model().spectrogramModel, case .classes(_, _, let labels) = model.head else {
            throw PretrainedError.wrongTask(
                needed: "a head for classes of sounds", found: folder.architecture, folder: path)
        }
        processor = try AudioProcessor(contentsOf: path)
        guard case .spectrogramTransformer(let bands, let frames, _, _) = processor.kind,
            bands == model.encoder.size.width, frames == model.encoder.size.height
        else {
            throw PretrainedError.badConfiguration(
                path + "/preprocessor_config.json",
                reason:
                    "expected spectrograms of \(model.encoder.size.width) bands and \(model.encoder.size.height) moments, as the model "
                    + "hears them, found \(processor.kind); copy that of the model")
        }
        (self.labels, self.model) = (labels, model)
    }

    /// The labels of a sound of any rate and any number of channels with their probabilities, the likeliest first.
    /// - Throws: `SignalError` if it is too long.
    public func label(_ sound: Sound) throws -> [ScoredLabel] {
        var run = TaskRun()
        return try label(sound, in: &run)
    }

    /// The same in a run that says more of it: where heads look among the patches of the spectrogram.
    /// - Throws: as above; `PretrainedError` if there is no head that the run asks for.
    public func label(_ sound: Sound, in run: inout TaskRun) throws -> [ScoredLabel] {
        guard case .spectrogram(let spectrogram) = try processor(sound) else {
            preconditionFailure("a processor of spectrograms makes spectrograms")
        }
        try run.observing.check(layerCount: model.encoder.layerCount, headCount: model.encoder.headCount)
        let pixels = try Tensor(spectrogram.values, shape: [1, spectrogram.frameCount, spectrogram.bandCount])
        let encoded = try model.encoder.encode(pixels, observing: Observation(attentions: run.observing))
        if !run.observing.isEmpty {
            run.attentions.append(
                try observed(spectrogram, soundFrameCount: try processor.soundFrameCount(of: sound), encoded.attentions)
            )
        }
        guard let logits = try model.logits(encoded.last) else { preconditionFailure("it has classes: init(path:)") }
        return zip(labels, try logits.softmax().values).map { ScoredLabel(label: $0, score: $1) }
            .sorted { $0.score > $1.score }
    }

    /// Where patches look, of which those behind the sound hold nothing.
    private func observed(
        _ spectrogram: Spectrogram, soundFrameCount: Int?, _ attentions: [LayerAttention]
    ) throws -> TaskRun.ObservedRow {
        let (names, grid, before) = (model.encoder.placeNames, model.encoder.placeGrid, model.encoder.tokens.count)
        let columns = model.encoder.columnCount(ofMoments: soundFrameCount ?? spectrogram.frameCount)
        // As much of the spectrogram as the columns have of the grid.
        let frames = spectrogram.frameCount * columns / grid.width
        let patches = (0..<grid.height).flatMap { row in (0..<columns).map { before + row * grid.width + $0 } }
        return try TaskRun.ObservedRow(
            looking: names, places: names,
            on: try TracedPicture(
                spectrogram.fitted(toFrameCount: frames), ImageSize(height: grid.height, width: columns),
                seconds: Double(frames) / 100),
            soundPlaces: Array(0..<before) + patches, ofPicture: 0, attentions)
    }
}
