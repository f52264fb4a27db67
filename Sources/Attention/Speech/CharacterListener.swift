import AttentionDecoding
import AttentionInspection
import AttentionModels
import AttentionSignals
import AttentionTensors
import AttentionText

/// wav2vec 2.0 and HuBERT: an encoder tells the character of each moment. A long sound is heard in windows that overlap, of which what has enough around
/// it is kept.
struct CharacterListener: SpeechListener {
    let model: WaveformModel
    private let processor: AudioProcessor
    private let vocabulary: CharacterVocabulary

    var sampleRate: Int { processor.sampleRate }
    var heads: HeadCounts { model.heads }

    init(_ model: WaveformModel, _ folder: PretrainedFolder) throws {
        (self.model, processor) = (model, try AudioProcessor(contentsOf: folder.path))
        vocabulary = try CharacterVocabulary(folder: folder.path)
        guard case .characters(let output) = model.head else {
            throw PretrainedError.wrongTask(
                needed: "a head for characters", found: folder.architecture, folder: folder.path)
        }
        guard case .waveform = processor.kind else {
            throw SpeechError.features(folder: folder.path, expected: "samples", found: "\(processor.kind)")
        }
        guard vocabulary.blank < output.weight.shape[0] else {
            throw SpeechError.setting(
                "pad_token", expected: "an id below \(output.weight.shape[0])", found: "\(vocabulary.blank)")
        }
    }

    /// How long a window is, and how much of it at each end is heard only for what lies beside it, in seconds.
    private static let (windowSeconds, marginSeconds) = (30, 5)

    func listen(
        to windows: inout SampleWindows, _ settings: TranscriptionSettings, in run: inout TaskRun,
        receive: (Transcript.Segment) throws -> Void
    ) throws -> String? {
        try check(settings, run)
        let stride = momentSize
        let margin = Self.marginSeconds * sampleRate / stride * stride
        let size = Self.windowSeconds * sampleRate / stride * stride
        let search = CTCSearch(blank: vocabulary.blank, beamSize: settings.beamSize)
        var (start, isFirst) = (0, true)
        while true {
            guard !Task.isCancelled else { throw SearchError.cancelled }
            let samples = try windows.window(from: start, count: size + 1)
            let isLast = samples.count <= size
            guard !samples.isEmpty, let logits = try logits(samples.prefix(size), in: &run) else { return nil }
            let first = isFirst ? 0 : min(margin / stride, logits.shape[0])
            let end =
                isLast ? logits.shape[0] : silence(in: logits, before: logits.shape[0] - margin / stride, behind: first)
            guard first < end else { return nil }
            let found = try search(try logits.sliced(axis: 0, first..<end))
            let text = vocabulary.decode(found.labels)
            if !text.trimmingSpaces.isEmpty {
                let range = (start + first * stride, isLast ? start + samples.count : start + end * stride)
                try receive(
                    Transcript.Segment(
                        start: Double(range.0) / Double(sampleRate), end: Double(range.1) / Double(sampleRate),
                        text: text, tokens: found.labels,
                        averageLogProbability: found.logProbability / Double(end - first), noSpeechProbability: nil,
                        compressionRatio: WindowReading.compressionRatio(of: text), temperature: 0))
            }
            if isLast { return nil }
            start += (end * stride) - margin
            isFirst = false
        }
    }

    /// The last moment before `end` behind which nothing is said, so that no character is cut in two and counted twice.
    private func silence(in logits: Tensor, before end: Int, behind first: Int) -> Int {
        let best = logits.indicesOfMaximum()
        return (first + 1..<max(first + 1, end)).last { best[$0 - 1] == vocabulary.blank } ?? end
    }

    /// How many samples lie between two moments.
    private var momentSize: Int { model.encoder.features.blocks.reduce(1) { $0 * $1.convolution.stride } }

    private func check(_ settings: TranscriptionSettings, _ run: TaskRun) throws {
        if let language = settings.language { throw SpeechError.oneLanguage(language) }
        guard settings.task == .transcribe else { throw SpeechError.oneLanguage(settings.task.rawValue) }
        guard !settings.hasWordTimes else {
            throw SpeechError.setting("hasWordTimes", expected: "a decoder that looks back at the sound", found: "none")
        }
        try run.observing.check(layerCount: model.encoder.layerCount, headCount: model.encoder.headCount)
    }

    /// The logits of a window, [K, V]; nil if it is too short for a moment.
    private func logits(_ samples: ArraySlice<Float>, in run: inout TaskRun) throws -> Tensor? {
        guard model.encoder.features.momentCount(sampleCount: samples.count) > 0,
            case .characters(let output) = model.head,
            case .samples(let values) = try processor(Sound(Array(samples), sampleRate: sampleRate))
        else { return nil }
        let encoded = try model.encoder.encode(
            try Tensor(values, shape: [1, values.count]), observing: Observation(attentions: run.observing))
        if !run.observing.isEmpty {
            let names = (0..<encoded.last.shape[1]).map { (Double($0 * momentSize) / Double(sampleRate)).clock(".") }
            run.attentions.append(
                try TaskRun.ObservedRow(
                    looking: names, places: names, on: try picture(of: samples, momentCount: names.count), ofPicture: 0,
                    encoded.attentions))
        }
        return try output(encoded.last).squeezed(axis: 0)
    }

    /// What people see of the samples that such a model hears; nil of another rate than spectrograms are made of, and of less than a frame.
    private func picture(of samples: ArraySlice<Float>, momentCount: Int) throws -> TracedPicture? {
        let features = try LogMel.whisper()
        guard sampleRate == features.sampleRate, samples.count >= features.spectrum.window.count else { return nil }
        let spectrogram = try features(Sound(Array(samples), sampleRate: sampleRate))
        return try TracedPicture(
            spectrogram, ImageSize(height: 1, width: momentCount),
            seconds: Double(samples.count) / Double(sampleRate))
    }
}
