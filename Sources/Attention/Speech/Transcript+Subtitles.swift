extension Transcript.Segment {
    /// The segment as the SubRip format (`.srt`) has it, with its number from 1 on and an empty line behind it.
    public func subRip(number: Int) -> String {
        "\(number)\n\(start.clock(",")) --> \(end.clock(","))\n\(text.trimmingSpaces)\n"
    }

    /// The segment as a cue of WebVTT (`.vtt`), with an empty line behind it; the file begins with `WEBVTT` and an empty line.
    ///
    /// Source: W3C, *WebVTT: The Web Video Text Tracks Format*, sec. 4.
    public var webVTT: String {
        let text = text.trimmingSpaces.map { Self.escapes[$0] ?? String($0) }.joined()
        return "\(start.clock(".")) --> \(end.clock("."))\n\(text)\n"
    }

    /// `[00:00:00.000 --> 00:00:05.000] What was said.`
    public var timed: String { "[\(start.clock(".")) --> \(end.clock("."))] \(text.trimmingSpaces)" }

    /// The same of each word, line by line.
    public var timedWords: String {
        words.map { "[\($0.start.clock(".")) --> \($0.end.clock("."))] \($0.text.trimmingSpaces)" }
            .joined(separator: "\n")
    }

    private static let escapes: [Character: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;"]
}

extension Double {
    /// Seconds as `00:01:02.345`, rounded to thousandths.
    func clock(_ separator: String) -> String {
        let total = Int((max(0, self) * 1000).rounded())
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        }
        return [total / 3_600_000, total / 60_000 % 60, total / 1000 % 60].map { digits($0, 2) }.joined(separator: ":")
            + separator + digits(total % 1000, 3)
    }
}
