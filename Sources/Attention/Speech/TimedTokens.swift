/// What was written of a window, cut where a moment ends one stretch and another begins the next.
package struct TimedTokens {
    /// A stretch, from one moment to another.
    package struct Stretch: Hashable {
        /// In moments from the window's beginning.
        package let start: Int
        package let end: Int
        /// Its tokens, moments included.
        package let tokens: [Int]
    }

    package let stretches: [Stretch]
    /// How many moments later the next window begins; nil where the whole window was written of.
    package let advance: Int?

    /// All tokens as one stretch, of a window of so many moments.
    package init(whole tokens: [Int], momentCount: Int) {
        stretches = [Stretch(start: 0, end: momentCount, tokens: tokens)]
        advance = nil
    }

    /// Cuts tokens of which those from `first` on are moments, of a window of so many.
    ///
    /// What stands behind the last whole stretch is left to the next window, unless a single moment ends the text: nothing more was said then.
    /// *Source:* the authors' `transcribe.py`.
    package init(_ tokens: [Int], first: Int, momentCount: Int) {
        func isMoment(_ index: Int) -> Bool { tokens.indices.contains(index) && tokens[index] >= first }
        let last = tokens.count - 1
        let endsOnce = isMoment(last) && !isMoment(last - 1)
        var cuts = tokens.indices.filter { isMoment($0 - 1) && isMoment($0) }
        guard !cuts.isEmpty else {
            let moments = tokens.filter { $0 >= first }
            let end = moments.last.flatMap { $0 == first ? nil : min($0 - first, momentCount) }
            stretches = [Stretch(start: 0, end: end ?? momentCount, tokens: tokens)]
            advance = nil
            return
        }
        if endsOnce { cuts.append(tokens.count) }
        var (stretches, begin): ([Stretch], Int) = ([], 0)
        for cut in cuts {
            let part = Array(tokens[begin..<cut])
            stretches.append(
                Stretch(start: max(0, part[0] - first), end: max(0, part[part.count - 1] - first), tokens: part))
            begin = cut
        }
        self.stretches = stretches
        // A text that ends where it began would be written for ever.
        let reached = stretches.last?.end ?? 0
        advance = endsOnce || reached == 0 ? nil : reached
    }
}
