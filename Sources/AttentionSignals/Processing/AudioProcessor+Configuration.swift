extension AudioProcessor {
    /// Reads `preprocessor_config.json` of a pretrained folder – or the part `feature_extractor` of `processor_config.json`, if that is there –, or
    /// such a file itself.
    ///
    /// - Throws: ``SignalError`` if it is missing, no JSON, of a kind that is not known, or says what is not done here.
    public init(contentsOf path: String) throws(SignalError) {
        try self.init(ProcessorValues(contentsOf: path, .sounds))
    }

    /// Reads the text of a `preprocessor_config.json`.
    public init(configuration bytes: [UInt8]) throws(SignalError) { try self.init(ProcessorValues(bytes)) }

    private init(_ values: ProcessorValues) throws(SignalError) {
        let rate = try values.integer("sampling_rate", in: 1...Sound.highestSampleRate) ?? LogMel.modelSampleRate
        let name = try values.string("feature_extractor_type") ?? "none"
        switch name {
        case "WhisperFeatureExtractor":
            // Others would be other features; no Whisper has them.
            for (name, value) in [("n_fft", 400), ("hop_length", 160), ("sampling_rate", LogMel.modelSampleRate)] {
                let found = try values.integer(name) ?? value
                guard found == value else { throw values.unfit(name, "\(value)", "\(found)") }
            }
            let bands = try values.integer("feature_size", in: 1...1024) ?? 80
            let seconds = try values.integer("chunk_length", in: 1...3600) ?? 30
            self.init(.whisper(bandCount: bands, seconds: seconds), sampleRate: rate)
        case "ASTFeatureExtractor":
            var (mean, deviation) = (try values.number("mean") ?? -4.2677393, try values.positive("std") ?? 4.5689974)
            if try values.bool("do_normalize") == false { (mean, deviation) = (0, 0.5) }
            let bands = try values.integer("num_mel_bins", in: 1...1024) ?? 128
            let frames = try values.integer("max_length", in: 1...65536) ?? 1024
            self.init(
                .spectrogramTransformer(
                    bandCount: bands, frameCount: frames, mean: Float(mean), deviation: Float(deviation)),
                sampleRate: rate)
        case "Wav2Vec2FeatureExtractor":
            self.init(.waveform(isNormalized: try values.bool("do_normalize") ?? true), sampleRate: rate)
        default:
            throw .unsupported(
                operation: ProcessorValues.operation,
                expected: "the feature extractor of Whisper, AST or Wav2Vec2", found: name,
                wayOut: "say what is to be done with an AudioProcessor of your own")
        }
    }
}
