import AttentionFiles
import AttentionSignals
import Testing

@Suite struct AudioProcessorTests {
    private func speech() throws -> Sound { try Sound(contentsOf: Fixtures.path("spectrograms/speech.wav")) }

    private func spectrogram(_ processor: AudioProcessor, _ sound: Sound) throws -> Spectrogram {
        guard case .spectrogram(let spectrogram) = try processor(sound) else {
            throw SignalError.unfit(operation: "test", expected: "a spectrogram", found: "samples", wayOut: "none")
        }
        return spectrogram
    }

    @Test func equalsTheAudioSpectrogramTransformers() throws {
        let processor = try AudioProcessor(contentsOf: Fixtures.path("spectrograms/ast.json"))
        #expect(processor == AudioProcessor(AudioProcessor.audioSet))
        let features = try spectrogram(processor, speech())
        #expect(features.frameCount == 1024 && features.bandCount == 128)
        let expected = try Fixtures.floats("spectrograms/ast")
        #expect(Fixtures.distance(features.fitted(toFrameCount: 20).values, expected) < 1e-4)
        // What is too short for a frame is silence.
        #expect(try spectrogram(processor, Sound([], sampleRate: 16000)).frameCount == 1024)
        #expect(try spectrogram(processor, Sound([1], sampleRate: 16000)).frameCount == 1024)
    }

    /// A frame has 400 samples and begins 160 behind the one before.
    @Test func howMuchOfASpectrogramHasSound() throws {
        func count(_ sampleCount: Int, _ kind: AudioProcessor.Kind = AudioProcessor.audioSet) throws -> Int? {
            try AudioProcessor(kind).soundFrameCount(
                of: Sound([Float](repeating: 0.5, count: sampleCount), sampleRate: 16_000))
        }
        #expect(try count(0) == 0 && count(399) == 0 && count(400) == 1 && count(1040) == 5)
        #expect(try count(200_000) == 1024 && count(400, .waveform(isNormalized: true)) == nil)
    }

    @Test func equalsWhispers() throws {
        let processor = try AudioProcessor(contentsOf: Fixtures.path("spectrograms/whisper-128.json"))
        #expect(processor.kind == .whisper(bandCount: 128, seconds: 30))
        let features = try spectrogram(processor, speech())
        #expect(features.frameCount == 3000)
        let expected = try Fixtures.floats("spectrograms/whisper-128")
        #expect(Fixtures.distance(features.fitted(toFrameCount: 20).bandMajorValues, expected) < 5e-5)
        #expect(try spectrogram(processor, Sound([], sampleRate: 16000)).frameCount == 3000)
        #expect(try spectrogram(processor, Sound([0.5], sampleRate: 44100)).frameCount == 3000)
    }

    @Test(arguments: [("True", true), ("False", false)])
    func equalsWav2Vec2s(_ name: String, _ isNormalized: Bool) throws {
        let processor = try AudioProcessor(contentsOf: Fixtures.path("spectrograms/waveform-\(name).json"))
        #expect(processor.kind == .waveform(isNormalized: isNormalized) && processor.sampleRate == 16000)
        guard case .samples(let samples) = try processor(speech()) else {
            Issue.record("expected samples")
            return
        }
        let every = stride(from: 0, to: samples.count, by: 8).map { samples[$0] }
        #expect(Fixtures.distance(every, try Fixtures.floats("spectrograms/waveform-\(name)")) < 1e-5)
        #expect(try processor(Sound([], sampleRate: 16000)) == .samples([]))
    }

    /// Two channels at another rate are one at the processor's.
    @Test func soundsOfAnyFormAreTaken() throws {
        let samples = try speech().mono
        let processor = AudioProcessor(.waveform(isNormalized: false), sampleRate: 8000)
        let mixed = try processor(Sound(channels: [samples, samples], sampleRate: 16000))
        #expect(mixed == .samples(try speech().resampled(to: 8000).mono))
    }

    private func sentence(_ text: String) -> String {
        do throws(SignalError) { return "\(try AudioProcessor(configuration: Array(text.utf8)).kind)" } catch {
            return error.description
        }
    }

    @Test func saysWhatDoesNotFit() {
        #expect(
            sentence("{}")
                == "preprocessor_config.json: expected the feature extractor of Whisper, AST or Wav2Vec2, found none; "
                + "say what is to be done with an AudioProcessor of your own")
        #expect(
            sentence(#"{"feature_extractor_type": "WhisperFeatureExtractor", "hop_length": 80}"#)
                == "preprocessor_config.json: expected 160 as hop_length, found 80; correct the file, or take the model's own"
        )
    }

    /// Newer versions of transformers write one file for a model's text, pictures and sounds.
    @Test func readsPartsOfProcessorConfigurations() throws {
        let folder = "/tmp/attention-signals-\(UInt64.random(in: 0 ... .max))"
        try Directory.create(folder)
        let file = folder + "/processor_config.json"
        let text =
            #"{"feature_extractor": {"feature_extractor_type": "WhisperFeatureExtractor"}, "image_processor": {"size": 7}}"#
        try AtomicFile.write(Array(text.utf8), to: file)
        #expect(try AudioProcessor(contentsOf: folder).kind == .whisper(bandCount: 80, seconds: 30))
        #expect(try ImageProcessor(contentsOf: folder).target == .exact(height: 7, width: 7))
        try AtomicFile.write(Array(#"{"processor_class": "WhisperProcessor"}"#.utf8), to: file)
        #expect(missing(in: folder).contains("found a processor_config.json without feature_extractor; copy it from"))
        try Directory.removeFile(file)
        #expect(
            missing(in: folder)
                == "preprocessor_config.json: expected the file in \(folder), where it says how sounds become what the model hears: their "
                + "rate, the bands of a spectrogram, mean and deviation, found neither it nor a processor_config.json; copy it from "
                + "where the model is from, or, if the model was trained as its kind is by default, write one that says the kind "
                + #"alone: {"feature_extractor_type": "WhisperFeatureExtractor"}"#)
        // What the sentence proposes is read.
        try AtomicFile.write(
            Array(#"{"feature_extractor_type": "WhisperFeatureExtractor"}"#.utf8),
            to: folder + "/preprocessor_config.json")
        #expect(try AudioProcessor(contentsOf: folder).kind == .whisper(bandCount: 80, seconds: 30))
    }

    private func missing(in folder: String) -> String {
        do throws(SignalError) { return "\(try AudioProcessor(contentsOf: folder).kind)" } catch {
            return error.description
        }
    }
}
