import AttentionDecoding
import AttentionFiles

/// What was written of a window, and how much it is to be trusted.
struct WindowReading {
    let tokens: [Int]
    let averageLogProbability: Double
    let compressionRatio: Double
    let noSpeechProbability: Double
    let temperature: Double

    /// A hypothesis and its text.
    init(_ hypothesis: Hypothesis, text: String, temperature: Double, noSpeech: Double) {
        tokens = hypothesis.tokens
        averageLogProbability = hypothesis.logProbability / Double(hypothesis.tokens.count + 1)
        compressionRatio = Self.compressionRatio(of: text)
        (noSpeechProbability, self.temperature) = (noSpeech, temperature)
    }

    /// How many times shorter a text becomes by compression; 0 of none.
    static func compressionRatio(of text: String) -> Double {
        let bytes = Array(text.utf8)
        return bytes.isEmpty ? 0 : Double(bytes.count) / Double(Zlib.compress(bytes).count)
    }

    /// Whether nothing was said.
    func isSilent(_ settings: TranscriptionSettings) -> Bool {
        noSpeechProbability > settings.noSpeechLimit && averageLogProbability < settings.logProbabilityLimit
    }

    /// Whether no other temperature need be tried.
    func passes(_ settings: TranscriptionSettings) -> Bool {
        isSilent(settings)
            || (compressionRatio <= settings.compressionRatioLimit
                && averageLogProbability >= settings.logProbabilityLimit)
    }
}
