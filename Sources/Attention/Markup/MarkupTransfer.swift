import AttentionInspection
import AttentionText

/// Markup put where the words went that it stood around.
struct MarkupTransfer {
    private let marked: MarkedText
    private let form: MarkupForm
    private let target: [Unicode.Scalar]
    private let words: WordPlaces
    /// For each scalar of the translation the innermost element around it.
    private var cover: [Int?]

    /// - Parameter alignments: how the words of each sentence are aligned; nil where nobody knows.
    init(_ marked: MarkedText, _ form: MarkupForm, _ translation: Translation, _ alignments: [AlignmentMatrix?]) {
        (self.marked, self.form) = (marked, form)
        target = Array(translation.text.unicodeScalars)
        words = WordPlaces(
            translation, alignments, source: Array(marked.plain.unicodeScalars), target: target)
        cover = Array(repeating: nil, count: target.count)
        coverWords()
        coverLostElements()
        fillGaps()
    }

    // MARK: Which element covers what

    private mutating func coverWords() {
        let elements = elementsOfWords()
        for place in words.targets.indices {
            // A mark that stands alone, as in French, belongs to what the mark behind the source word belongs to.
            if words.isMark(words.targets[place]) {
                guard let source = words.source(of: place), words.endsInMark(words.sources[source]),
                    let element = marked.element(at: words.sources[source].upperBound - 1)
                else { continue }
                cover(words.targets[place], with: element)
                continue
            }
            guard let element = elements[place] else { continue }
            let own = words.candidates(for: place).filter { self.element(of: $0) == element }
            let source = own.max { words.share(of: place, at: $0) < words.share(of: place, at: $1) }
            let endsInside =
                source.map { source in
                    let range = words.sources[source]
                    return marked.element(at: range.upperBound - 1) == element && words.endsInMark(range)
                } ?? false
            cover(words.core(of: words.targets[place], keepingEnd: endsInside), with: element)
        }
    }

    /// The innermost element around a word of the text.
    private func element(of source: Int) -> Int? {
        marked.element(at: words.firstLetter(of: words.sources[source]))
    }

    /// What it costs to go from one element to another between two words of the translation: as much as a tenth of a word's share. So a word
    /// between two of one element goes with them unless it clearly belongs elsewhere.
    private static let turnCost: Float = 0.1

    /// For each word of the translation the innermost element that it belongs to, nil for none: of all ways to part the translation among the
    /// elements that with the greatest sum of shares, each word's of the word it belongs to most in its element, less the turns (by the
    /// algorithm of Viterbi 1967).
    ///
    /// - Complexity: O(words × (elements + words of a sentence)).
    private func elementsOfWords() -> [Int?] {
        let own = words.sources.indices.map(element)
        let choices = [Int?.none] + Set(own.compactMap(\.self)).sorted()
        let placeOf = Dictionary(uniqueKeysWithValues: choices.enumerated().map { ($0.element, $0.offset) })
        let letters = words.targets.indices.filter { !words.isMark(words.targets[$0]) }
        var (sums, cameFrom) = ([Float](repeating: 0, count: choices.count), [[Int]]())
        for target in letters {
            var shares = [Float](repeating: 0, count: choices.count)
            for source in words.candidates(for: target) {
                guard let choice = placeOf[own[source]] else { continue }
                shares[choice] = max(shares[choice], words.share(of: target, at: source))
            }
            let best = sums.firstIndex(of: sums.max() ?? 0) ?? 0
            let before = sums.indices.map { sums[$0] >= sums[best] - Self.turnCost ? $0 : best }
            sums = sums.indices.map { choice in
                shares[choice] + sums[before[choice]] - (before[choice] == choice ? 0 : Self.turnCost)
            }
            cameFrom.append(before)
        }
        var found = [Int?](repeating: nil, count: words.targets.count)
        var choice = sums.firstIndex(of: sums.max() ?? 0) ?? 0
        for (target, before) in zip(letters, cameFrom).reversed() {
            found[target] = choices[choice]
            choice = before[choice]
        }
        return found
    }

    private mutating func cover(_ range: Range<Int>, with element: Int) {
        for place in range { cover[place] = element }
    }

    /// An element of whose words none was looked at most: it covers what looked at them more than all else did.
    private mutating func coverLostElements() {
        for element in marked.elements.indices where !marked.elements[element].range.isEmpty {
            let isCovered = cover.contains { marked.path(to: $0).contains(element) }
            guard !isCovered else { continue }
            let own = words.sources.indices.filter { words.sources[$0].overlaps(marked.elements[element].range) }
            // Not where another element would be lost in its turn.
            let free = words.targets.indices.filter { place in
                let present = cover[words.core(of: words.targets[place], keepingEnd: false).lowerBound]
                return marked.path(to: element).starts(with: marked.path(to: present))
            }
            guard let best = words.bestTarget(of: own, among: free) else { continue }
            cover(words.core(of: words.targets[best], keepingEnd: false), with: element)
        }
    }

    /// Between two words of an element stands what belongs to it, too; likewise at the ends, where it covered the ends.
    private mutating func fillGaps() {
        var last: Int?
        for place in cover.indices where cover[place] != nil {
            if let last, last + 1 < place, !words.hasUncoveredWord(in: last + 1..<place, cover) {
                let common = marked.commonPath(cover[last], cover[place]).last
                for gap in last + 1..<place { cover[gap] = common }
            }
            last = place
        }
    }

    // MARK: Writing

    /// The translation with its markup.
    var text: String {
        var result = ""
        var path: [Int] = []
        var marks = marked.marks.map { (text: $0.text, place: words.place(ofMarkAt: $0.place)) }
        marks.sort { $0.place < $1.place }
        var kept = marked.kept
        var place = 0

        func turn(to next: [Int]) {
            let common = zip(path, next).prefix { $0 == $1 }.count
            for element in path[common...].reversed() { result += marked.elements[element].closing }
            for element in next[common...] { result += marked.elements[element].opening }
            path = next
        }
        while place < target.count {
            turn(to: marked.path(to: cover[place]))
            while let mark = marks.first, mark.place <= place {
                result += mark.text
                marks.removeFirst()
            }
            if target[place] == "{",
                let index = kept.firstIndex(where: { target[place...].starts(with: $0.placeholder.unicodeScalars) })
            {
                result += kept[index].text
                place += kept.remove(at: index).placeholder.unicodeScalars.count
                continue
            }
            result += form.escaped(String(target[place]))
            place += 1
        }
        turn(to: [])
        // What the translation lost, and elements that covered nothing, are not lost to the document.
        result += kept.map { " " + $0.text }.joined() + marks.map(\.text).joined()
        let covered = Set(cover.flatMap { marked.path(to: $0) })
        for (element, tags) in marked.elements.enumerated() where !covered.contains(element) && !tags.isRest {
            result += tags.opening + tags.closing
        }
        return result
    }
}

extension MarkedText {
    /// The elements around both.
    fileprivate func commonPath(_ first: Int?, _ second: Int?) -> [Int] {
        zip(path(to: first), path(to: second)).prefix { $0 == $1 }.map(\.0)
    }
}
