import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct EvaluateSpeech: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speech",
        abstract: "Write down what is said, and measure how much of it is wrong: word and character error rates.",
        discussion: """
            Tables are those that attend train speech takes, the model is any that attend transcribe takes. Texts are compared in lower case, letters, marks, \
            digits and apostrophes alone; a rate is the fewest words or characters to be replaced, left out or put in, as a share of what was said.
            """)

    @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
    var model: String
    @Option(name: .customLong("test"), help: ArgumentHelp("Sounds and texts; may be repeated.", valueName: "tsv"))
    var paths: [String]
    @OptionGroup var measuring: MeasuringOptions

    private struct Answer: Encodable {
        let wordErrorRate: Double
        let characterErrorRate: Double
        let wordCount: Int
        let characterCount: Int
        let count: Int
    }

    func run() throws {
        measuring.threads.apply()
        let transcriber = try measuring.precision { try Transcriber(path: model) }
        let sounds = try TranscribedSound.read(paths) { $1.report(of: $0) }
        let found = try measuring {
            try SpeechEvaluation(of: transcriber, on: sounds) {
                if $0 % 50 == 0 { Diagnostics.printStatus("heard \($0) of \(sounds.count)") }
            }
        }
        if measuring.json {
            let answer = Answer(
                wordErrorRate: found.words.rate, characterErrorRate: found.characters.rate,
                wordCount: found.words.count,
                characterCount: found.characters.count, count: found.count)
            return try Results.print(try JSONEncoding.text(of: answer))
        }
        try Results.print(
            "WER \(found.words.rate.shown(4))\tCER \(found.characters.rate.shown(4))\t"
                + "\(found.words.count) words in \(found.count) sounds")
    }
}
