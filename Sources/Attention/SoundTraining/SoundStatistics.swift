import AttentionFiles
import AttentionSignals

/// How loud sounds are on average, and how much that varies, over all moments and bands in which there is sound.
struct SoundStatistics: Sendable, Hashable {
    let mean: Double
    let deviation: Double

    /// Those of some sounds as these settings have them heard.
    init(_ sounds: [Sound], heard settings: HearingSettings) throws(SignalError) {
        let features = try LogMel.kaldi(bandCount: settings.bandCount, sampleRate: settings.sampleRate, window: .hann)
        var (count, sum, squares) = (0.0, 0.0, 0.0)
        for sound in sounds {
            let mono = try Sound(sound.mono, sampleRate: sound.sampleRate).resampled(to: settings.sampleRate)
            for value in try features(mono).values {
                count += 1
                sum += Double(value)
                squares += Double(value) * Double(value)
            }
        }
        mean = sum / max(1, count)
        let variance = squares / max(1, count) - mean * mean
        deviation = variance > 0 ? variance.squareRoot() : 1
    }

    /// What makes of a sound a spectrogram of mean 0 and deviation ½, as transformers' `preprocessor_config.json` says it.
    func processor(heard settings: HearingSettings) -> [UInt8] {
        func rounded(_ number: Double) -> JSONValue { .number(JSONNumber((number * 10000).rounded() / 10000)) }
        let members = [
            JSONMember("feature_extractor_type", "ASTFeatureExtractor"), JSONMember("do_normalize", true),
            JSONMember("feature_size", .number(JSONNumber(1))),
            JSONMember("num_mel_bins", .number(JSONNumber(settings.bandCount))),
            JSONMember("max_length", .number(JSONNumber(settings.frameCount))), JSONMember("mean", rounded(mean)),
            JSONMember("std", rounded(max(deviation, 0.0001))), JSONMember("padding_side", "right"),
            JSONMember("padding_value", .number(JSONNumber(0))), JSONMember("return_attention_mask", false),
            JSONMember("sampling_rate", .number(JSONNumber(settings.sampleRate))),
        ]
        return JSONWriter.write(.object(members), as: .configuration) + [UInt8(ascii: "\n")]
    }
}
