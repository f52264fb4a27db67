/// A chorale as a picture: time from left to right, pitch upwards, a colour for each voice, a line for each bar; above it, where a note looked.
public struct PianoRoll: Sendable {
    /// What is drawn.
    public var chorale: ChoraleGrid
    /// The title; may be empty.
    public var title: String
    /// What is drawn above the notes; nil for nothing.
    public var gaze: Gaze?
    /// The first step that was written by the model and not given; nil if all or none was.
    public var firstWritten: Int?

    /// A picture of a chorale.
    public init(_ chorale: ChoraleGrid, title: String = "", gaze: Gaze? = nil, firstWritten: Int? = nil) {
        (self.chorale, self.title, self.gaze, self.firstWritten) = (chorale, title, gaze, firstWritten)
    }

    /// Where a note looked: the share of its attention that each bar before it, and its own, received.
    public struct Gaze: Sendable, Hashable {
        /// The voice of the note.
        public var voice: Voice
        /// The step at which it was written.
        public var step: Int
        /// The shares, bar by bar from the first.
        public var bars: [Double]

        /// Shares of a note's attention.
        public init(voice: Voice, step: Int, bars: [Double]) {
            (self.voice, self.step, self.bars) = (voice, step, bars)
        }
    }

    private static let (stepWidth, pitchHeight, margin, arcHeight) = (6, 6, 40, 90)
    private static let colours = ["#c0392b", "#d68910", "#1e8449", "#2471a3"]

    /// The picture as SVG, the same bytes for the same chorale.
    public var svg: String {
        let sung = chorale.pitches.compactMap { $0 }
        let (lowest, highest) = ((sung.min() ?? 60) - 1, (sung.max() ?? 60) + 1)
        let top = Self.margin + (gaze == nil ? 0 : Self.arcHeight)
        let width = 2 * Self.margin + chorale.stepCount * Self.stepWidth
        let height = top + (highest - lowest + 1) * Self.pitchHeight + Self.margin
        func x(_ step: Int) -> Int { Self.margin + step * Self.stepWidth }
        func y(_ pitch: Int) -> Int { top + (highest - pitch) * Self.pitchHeight }
        let bottom = y(lowest) + Self.pitchHeight
        var lines = [
            #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(width) \#(height)" font-family="sans-serif" font-size="11">"#,
            "<title>\(Self.escaped(title.isEmpty ? "Piano roll" : title))</title>",
            #"<rect width="\#(width)" height="\#(height)" fill="white"/>"#,
            #"<text x="\#(Self.margin)" y="18" font-size="13">\#(Self.escaped(title))</text>"#,
        ]
        for pitch in lowest...highest where pitch % 12 == 0 {
            lines.append(#"<text x="4" y="\#(y(pitch) + Self.pitchHeight)">\#(NoteName.name(of: pitch))</text>"#)
            lines.append(
                #"<path d="M\#(x(0)) \#(y(pitch) + Self.pitchHeight)H\#(x(chorale.stepCount))" stroke="gainsboro"/>"#)
        }
        for step in stride(from: 0, through: chorale.stepCount, by: ChoraleGrid.stepsPerBar) {
            lines.append(#"<path d="M\#(x(step)) \#(top)V\#(bottom)" stroke="silver"/>"#)
            let bar = step / ChoraleGrid.stepsPerBar + 1
            if step < chorale.stepCount {
                lines.append(#"<text x="\#(x(step) + 2)" y="\#(bottom + 14)" fill="gray">\#(bar)</text>"#)
            }
        }
        if let firstWritten, firstWritten > 0, firstWritten < chorale.stepCount {
            lines.append(
                #"<path d="M\#(x(firstWritten)) \#(top)V\#(bottom)" stroke="black" stroke-dasharray="4 3"><title>here the model begins</title></path>"#
            )
        }
        for voice in Voice.allCases {
            lines.append(#"<g fill="\#(Self.colours[voice.rawValue])">"#)
            for (pitch, steps) in chorale.stretches(of: voice) {
                let width = steps.count * Self.stepWidth - 1
                lines.append(
                    #"<rect x="\#(x(steps.lowerBound))" y="\#(y(pitch))" width="\#(width)" height="\#(Self.pitchHeight - 1)" rx="2">"#
                        + "<title>\(voice.name) \(NoteName.name(of: pitch))</title></rect>")
            }
            lines.append("</g>")
        }
        if let gaze { lines += arcs(gaze, x: x, y: y, top: top) }
        return lines.joined(separator: "\n") + "\n</svg>\n"
    }

    /// An arc from the note to the middle of each bar, as thick as its share.
    private func arcs(_ gaze: Gaze, x: (Int) -> Int, y: (Int) -> Int, top: Int) -> [String] {
        guard (0..<chorale.stepCount).contains(gaze.step) else { return [] }
        let from = x(gaze.step) + Self.stepWidth / 2
        var lines = [#"<g fill="none" stroke="rebeccapurple">"#]
        for (bar, share) in gaze.bars.enumerated() where share >= 0.005 {
            let first = bar * ChoraleGrid.stepsPerBar
            let to = (x(first) + x(min(first + ChoraleGrid.stepsPerBar, chorale.stepCount))) / 2
            let rise = min(Self.arcHeight - 10, 20 + abs(from - to) / 6)
            let shown = (share * 1000).rounded() / 10
            let (thickness, opacity) = ((share * 120).rounded() / 10, min(1, (30 + share * 70).rounded() / 100))
            lines.append(
                #"<path d="M\#(from) \#(top)C\#(from) \#(top - rise) \#(to) \#(top - rise) \#(to) \#(top)" stroke-width="\#(thickness)" opacity="\#(opacity)">"#
                    + "<title>bar \(bar + 1): \(shown) %</title></path>")
        }
        lines.append("</g>")
        if let pitch = chorale[gaze.step, gaze.voice] {
            lines.append(
                #"<rect x="\#(x(gaze.step) - 1)" y="\#(y(pitch) - 2)" width="\#(Self.stepWidth + 1)" height="\#(Self.pitchHeight + 3)" fill="none" stroke="rebeccapurple" stroke-width="2"/>"#
            )
        }
        return lines
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\t", "\n", "\r": out += " "
            case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
