import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

/// In which form transcripts are written.
struct TranscriptOptions: ParsableArguments {
    /// What players show below a film.
    enum Subtitles: String, EnumerableFlag {
        case srt, vtt

        static func help(for value: Self) -> ArgumentHelp? {
            switch value {
            case .srt: "Write subtitles in the SubRip format."
            case .vtt: "Write subtitles in the format WebVTT."
            }
        }

        var option: String { "--" + rawValue }
    }

    @Flag(help: "Write a line for each stretch, behind when it begins and ends.")
    var timestamps = false
    @Flag(
        help:
            "Write a line for each word, behind when it begins and ends, by where the decoder looks in the sound; with --json words besides."
    )
    var words = false
    @Flag(help: "Write one JSON object per sound.")
    var json = false
    @Flag var subtitles: Subtitles?

    /// Whether stretches are to have their own moments.
    var hasTimestamps: Bool { timestamps || subtitles != nil }

    func validate() throws {
        guard let subtitles else {
            guard !(words && timestamps) else {
                throw ValidationError("expected one of --timestamps and --words, found both")
            }
            return
        }
        if json || timestamps || words {
            let other = json ? "--json" : timestamps ? "--timestamps" : "--words"
            throw ValidationError("expected one of \(subtitles.option) and \(other), found both")
        }
    }
}

/// Writes a transcript while it comes.
struct TranscriptWriter {
    let form: TranscriptOptions
    let name: String
    /// Whether there is no other sound.
    let isAlone: Bool
    private var count = 0

    init(form: TranscriptOptions, name: String, isAlone: Bool) {
        (self.form, self.name, self.isAlone) = (form, name, isAlone)
    }

    private struct Answer: Encodable {
        struct Segment: Encodable {
            let start: Double
            let end: Double
            let text: String
            let tokens: [Int]
            let averageLogProbability: Double
            let noSpeechProbability: Double?
            let compressionRatio: Double
            let temperature: Double
            /// nil unless they were asked for.
            let words: [Word]?
        }
        struct Word: Encodable {
            let word: String
            let start: Double
            let end: Double
        }
        let file: String
        let language: String?
        let text: String
        let segments: [Segment]
    }

    /// Whether stretches have lines of their own.
    private var hasLines: Bool { form.timestamps || form.words }

    /// What stands before all segments.
    func begin() throws {
        if form.subtitles == .vtt { try Results.print("WEBVTT\n") }
        if !isAlone, !form.json { try Results.print(name + "\t", terminator: hasLines ? "\n" : "") }
    }

    mutating func add(_ segment: Transcript.Segment) throws {
        defer { count += 1 }
        if form.json { return }
        switch form.subtitles {
        case .srt: try Results.print(segment.subRip(number: count + 1))
        case .vtt: try Results.print(segment.webVTT)
        case nil:
            guard !hasLines else {
                return try Results.print(form.timestamps ? segment.timed : segment.timedWords)
            }
            try Results.print(
                count == 0 ? String(segment.text.drop(while: \.isWhitespace)) : segment.text, terminator: "")
        }
    }

    func finish(_ transcript: Transcript) throws {
        guard form.json else {
            if form.subtitles == nil, !hasLines { try Results.print() }
            return
        }
        let segments = transcript.segments.map { segment in
            Answer.Segment(
                start: segment.start, end: segment.end, text: segment.text, tokens: segment.tokens,
                averageLogProbability: segment.averageLogProbability,
                noSpeechProbability: segment.noSpeechProbability, compressionRatio: segment.compressionRatio,
                temperature: segment.temperature,
                words: form.words
                    ? segment.words.map { Answer.Word(word: $0.text, start: $0.start, end: $0.end) } : nil)
        }
        let answer = Answer(
            file: name, language: transcript.language, text: transcript.text, segments: segments)
        try Results.print(try JSONEncoding.text(of: answer))
    }
}
