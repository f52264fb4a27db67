import AttentionDecoding
import AttentionFiles
import AttentionInspection
import AttentionModels
import AttentionSignals
import AttentionTensors
import AttentionText

/// Whisper: a decoder writes what an encoder hears in windows of thirty seconds.
struct WritingListener: SpeechListener {
    let model: SpeechEncoderDecoder
    private let processor: AudioProcessor
    private let tokenizer: Tokenizer
    private let tokens: SpeechTokens
    private let configuration: GenerationConfiguration
    private let folder: PretrainedFolder

    var sampleRate: Int { processor.sampleRate }
    var heads: HeadCounts { model.heads }

    init(_ model: SpeechEncoderDecoder, _ folder: PretrainedFolder) throws {
        (self.model, self.folder) = (model, folder)
        processor = try AudioProcessor(contentsOf: folder.path)
        tokenizer = try Tokenizer(folder: folder.path)
        tokens = try SpeechTokens(folder, tokenizer)
        configuration = try folder.generation()
        let (bands, frames) = (model.encoder.bandCount, model.encoder.frameCount)
        guard case .whisper(bands, let seconds) = processor.kind, seconds * Self.framesPerSecond == frames else {
            throw SpeechError.features(
                folder: folder.path,
                expected: "\(bands) bands of \(Double(frames) / Double(Self.framesPerSecond)) seconds",
                found: "\(processor.kind)")
        }
    }

    /// Frames of Whisper's features are 10 ms apart.
    private static let framesPerSecond = 100

    /// How many samples a window has.
    private var windowSize: Int { model.encoder.frameCount * sampleRate / Self.framesPerSecond }
    /// How many samples lie between two moments that can be written.
    private var momentSize: Int { model.encoder.stride * sampleRate / Self.framesPerSecond }

    func listen(
        to windows: inout SampleWindows, _ settings: TranscriptionSettings, in run: inout TaskRun,
        receive: (Transcript.Segment) throws -> Void
    ) throws -> String? {
        try check(settings)
        try run.observing.check(layerCount: model.decoder.layers.count, headCount: headCount)
        let followers =
            try settings.hasWordTimes
            ? SoundFollowers(folder, layerCount: model.decoder.layers.count, headCount: headCount) : nil
        var (start, number, language): (Int, Int, String?) = (0, 0, settings.language)
        // A sound that one window holds needs no moments to be gone through.
        let isLong = try windows.window(from: 0, count: windowSize + 1).count > windowSize
        while true {
            guard !Task.isCancelled else { throw SearchError.cancelled }
            let samples = try windows.window(from: start, count: windowSize)
            guard !samples.isEmpty else { return language }
            let heard = try hear(samples)
            if language == nil { language = self.language(of: heard) }
            let hasTimestamps = settings.hasTimestamps || isLong
            let prompt = tokens.prompt(language: language, task: settings.task, hasTimestamps: hasTimestamps)
            let (reading, found) = try read(heard, behind: prompt, settings, key: settings.key[number])
            number += 1
            guard !reading.isSilent(settings) else {
                start += samples.count
                continue
            }
            let momentCount = (samples.count + momentSize - 1) / momentSize
            if !run.observing.isEmpty {
                try observe(heard, of: momentCount, prompt, writing: found, in: &run)
            }
            let timed =
                hasTimestamps
                ? TimedTokens(reading.tokens, first: tokens.firstMoment, momentCount: momentCount)
                : TimedTokens(whole: reading.tokens, momentCount: momentCount)
            let spoken = try followers.map { try ends(of: reading.tokens, behind: prompt, heard, momentCount, $0) }
            var tokenCount = 0
            for stretch in timed.stretches {
                var segment = segment(stretch, reading, behind: start, sampleCount: samples.count)
                if let spoken {
                    segment.words = words(
                        stretch, spoken, behind: tokenCount, settings.task == .translate ? "en" : language
                    ) {
                        Double(start + min($0 * momentSize, samples.count)) / Double(sampleRate)
                    }
                }
                tokenCount += stretch.tokens.count
                if !segment.text.trimmingSpaces.isEmpty { try receive(segment) }
            }
            start += timed.advance.map { $0 * momentSize } ?? samples.count
        }
    }

    private var headCount: Int { model.decoder.layers.first?.crossAttention.headCount ?? 0 }

    private func check(_ settings: TranscriptionSettings) throws {
        if let language = settings.language {
            guard tokens.isMultilingual else { throw SpeechError.oneLanguage(language) }
            guard tokens.languages[language] != nil else {
                throw SpeechError.unknownLanguage(language, known: tokens.languages.keys.sorted())
            }
        }
        guard settings.task == .transcribe || tokens.tasks[settings.task.rawValue] != nil else {
            throw SpeechError.oneLanguage(settings.task.rawValue)
        }
        guard !settings.temperatures.isEmpty, settings.temperatures.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw SpeechError.setting(
                "temperatures", expected: "numbers from 0 up", found: "\(settings.temperatures)")
        }
        guard settings.beamSize >= 1 else {
            throw SpeechError.setting("beamSize", expected: "at least 1", found: "\(settings.beamSize)")
        }
    }

    /// What a window sounds like to the decoder.
    private struct Heard {
        /// What the encoder made of it, [1, K, M].
        let annotations: Tensor
        /// What the decoder remembers before its first token.
        let state: SpeechEncoderDecoder.State
        /// What it would write behind the start token, [1, V].
        let logits: Tensor
        /// What the encoder heard.
        let spectrogram: Spectrogram
    }

    private func hear(_ samples: ArraySlice<Float>) throws -> Heard {
        guard case .spectrogram(let spectrogram) = try processor(Sound(Array(samples), sampleRate: sampleRate)) else {
            preconditionFailure("a processor of spectrograms makes spectrograms")
        }
        let features = try Tensor(
            spectrogram.bandMajorValues, shape: [1, spectrogram.bandCount, spectrogram.frameCount])
        let annotations = try model.encoder.encode(features).last
        let state = try model.decoder.start(annotations, present: .all)
        var probe = state
        guard let logits = try model.step([[tokens.start]], &probe, wanting: .logits).logits else {
            preconditionFailure("a step gives what is asked for")
        }
        return Heard(annotations: annotations, state: state, logits: logits, spectrogram: spectrogram)
    }

    /// The likeliest language; nil if the model knows one alone.
    private func language(of heard: Heard) -> String? {
        tokens.languages.max { heard.logits[0, $0.value] < heard.logits[0, $1.value] }?.key
    }

    /// What is written of a window, and the search that wrote it: by the first temperature whose text passes, or by the last.
    private func read(
        _ heard: Heard, behind prompt: [Int], _ settings: TranscriptionSettings, key: RandomKey
    ) throws -> (reading: WindowReading, found: RecordedSearch) {
        let silence = try heard.logits.softmax()[0, tokens.noSpeech]
        var last: (reading: WindowReading, found: RecordedSearch)?
        for (place, temperature) in settings.temperatures.enumerated() {
            let found = try write(heard.state, behind: prompt, settings, temperature, key[place])
            let hypothesis = found.hypotheses[0]
            let attempt = WindowReading(
                hypothesis, text: text(of: hypothesis.tokens), temperature: temperature, noSpeech: Double(silence))
            last = (attempt, found)
            if attempt.passes(settings) { break }
        }
        guard let last else { preconditionFailure("there is a temperature: check(_:)") }
        return last
    }

    private func write(
        _ state: SpeechEncoderDecoder.State, behind prompt: [Int], _ settings: TranscriptionSettings,
        _ temperature: Double, _ key: RandomKey
    ) throws -> RecordedSearch {
        var rules = configuration
        (rules.returnCount, rules.topK, rules.topP, rules.forcedFirstToken) = (1, nil, 1, nil)
        rules.isSampling = temperature > 0
        rules.temperature = temperature > 0 ? temperature : 1
        rules.beamSize = temperature > 0 ? 1 : settings.beamSize
        let timestamps = TimestampRules(tokens, endTokens: rules.endTokens)
        let generation = Generation(
            rules, key: key, processors: prompt.last == tokens.withoutTimestamps ? [] : [timestamps])
        return try model.generateRecorded(GenerationStart(state: state, prompts: [prompt]), generation)[0]
    }

    private func text(of ids: some Sequence<Int>) -> String {
        tokenizer.decode(ids.filter { $0 < tokens.firstMoment })
    }

    private func segment(
        _ stretch: TimedTokens.Stretch, _ reading: WindowReading, behind start: Int, sampleCount: Int
    ) -> Transcript.Segment {
        func seconds(_ moment: Int) -> Double {
            Double(start + min(moment * momentSize, sampleCount)) / Double(sampleRate)
        }
        return Transcript.Segment(
            start: seconds(stretch.start), end: seconds(stretch.end), text: text(of: stretch.tokens),
            tokens: stretch.tokens, averageLogProbability: reading.averageLogProbability,
            noSpeechProbability: reading.noSpeechProbability, compressionRatio: reading.compressionRatio,
            temperature: reading.temperature)
    }

    /// At which moment of a window the sound of each token ends, by the heads that follow it.
    private func ends(
        of ids: [Int], behind prompt: [Int], _ heard: Heard, _ momentCount: Int, _ followers: SoundFollowers
    ) throws -> [Int] {
        guard !ids.isEmpty else { return [] }
        let read = prompt + ids
        let decoded = try model.decoder.decode(
            try TokenBatch(ids: read, rowCount: 1, length: read.count), annotations: heard.annotations, present: .all,
            observing: Observation(attentions: followers.selection))
        let count = min(momentCount, heard.annotations.shape[1])
        return TokenTimes(
            heads: try followers.weights(in: decoded.sourceAttentions, rows: prompt.count..<read.count, count),
            tokenCount: ids.count, momentCount: count, medianWidth: followers.medianWidth
        ).ends
    }

    /// The words of a stretch, whose first token is the `first` of its window; a token begins where the one before it ends.
    private func words(
        _ stretch: TimedTokens.Stretch, _ ends: [Int], behind first: Int, _ language: String?,
        seconds: (Int) -> Double
    ) -> [Transcript.Word] {
        let places = stretch.tokens.indices.filter { stretch.tokens[$0] < tokens.firstMoment }
        let found = SpokenWords(places.map { stretch.tokens[$0] }, language: language) { tokenizer.decode($0) }
        return found.words.map { word in
            let (begin, end) = (first + places[word.tokens.lowerBound], first + places[word.tokens.upperBound - 1])
            return Transcript.Word(
                text: word.text, start: seconds(begin == 0 ? 0 : ends[begin - 1]), end: seconds(ends[end]))
        }
    }

    /// Notes where the decoder's heads look in the window, of which so many moments have sound, while it reads what it wrote.
    private func observe(
        _ heard: Heard, of momentCount: Int, _ prompt: [Int], writing found: RecordedSearch, in run: inout TaskRun
    ) throws {
        let best = found.hypotheses[0]
        let ids = prompt + best.tokens
        let beam = try TracedBeam(
            found.history, of: best, as: best.tokens.count, behind: prompt.count, by: tokenizer)
        let decoded = try model.decoder.decode(
            try TokenBatch(ids: ids, rowCount: 1, length: ids.count), annotations: heard.annotations, present: .all,
            observing: Observation(attentions: run.observing))
        let whole = heard.annotations.shape[1]
        let count = min(momentCount, whole)
        let sound = heard.spectrogram.fitted(toFrameCount: count * model.encoder.stride)
        run.attentions.append(
            try TaskRun.ObservedRow(
                looking: try TracedSequence(
                    name: "target", pieces: ids.map(piece),
                    adding: ids.map { $0 < tokens.firstMoment ? tokenizer.addedText(of: $0) : nil }, beam: beam),
                on: try TracedPicture(
                    sound, ImageSize(height: 1, width: count),
                    seconds: Double(count * momentSize) / Double(sampleRate)),
                atMoments: decoded.sourceAttentions, soundCount: count))
    }

    private func piece(_ id: Int) -> String {
        guard id >= tokens.firstMoment else { return tokenizer.piece(of: id) ?? "" }
        return "<|\((Double((id - tokens.firstMoment) * momentSize) / Double(sampleRate)).clock("."))|>"
    }
}
