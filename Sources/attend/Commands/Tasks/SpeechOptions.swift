public import ArgumentParser
public import Attention

/// How speech is heard.
struct SpeechOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The language that is spoken: en, de, …; the model says unless given.", valueName: "code"))
    var language: String?
    @Option(help: "What is written: transcribe, or translate for English.")
    var task = TranscriptionSettings.Task.transcribe
    @Option(parsing: .unconditional, help: "Hypotheses that live at once.")
    var beam = 1
    @Option(
        parsing: .unconditional,
        help: """
            By which temperatures tokens are drawn, with commas between: the next one where a text repeats itself or the model is not sure \
            of it. 0 takes the likeliest.
            """)
    var temperature = NumberList([0, 0.2, 0.4, 0.6, 0.8, 1])
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Nothing was said where the model says so with more than this probability, and is not sure of the text either; 1 never.",
            valueName: "share"))
    var noSpeech = 0.6
    @Option(parsing: .unconditional, help: "Where randomness comes from, above temperature 0.")
    var seed: UInt64 = 0

    func validate() throws {
        guard 1...64 ~= beam else { throw ValidationError("--beam: expected 1 to 64, found \(beam)") }
        guard 0...1 ~= noSpeech else {
            throw ValidationError("--no-speech: expected a share of 0 to 1, found \(noSpeech)")
        }
    }

    func settings(for form: TranscriptOptions) -> TranscriptionSettings {
        var settings = TranscriptionSettings()
        (settings.language, settings.task) = (language, task)
        (settings.hasTimestamps, settings.hasWordTimes) = (form.hasTimestamps, form.words)
        (settings.beamSize, settings.temperatures) = (beam, temperature.numbers)
        (settings.noSpeechLimit, settings.key) = (noSpeech, RandomKey(seed: seed))
        return settings
    }
}

extension TranscriptionSettings.Task: ExpressibleByArgument {}

/// Numbers from 0 up with commas between: `0,0.2`.
struct NumberList: ExpressibleByArgument {
    let numbers: [Double]

    init(_ numbers: [Double]) { self.numbers = numbers }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        let numbers = parts.compactMap(\.self)
        guard numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
        self.init(numbers)
    }

    var defaultValueDescription: String {
        numbers.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }.joined(separator: ",")
    }
}
