import AttentionInspection
import AttentionText

/// Markup put where the words went that it stood around.
struct MarkupTransfer {
    private let marked: MarkedText
    private let target: [Unicode.Scalar]
    private let words: WordPlaces
    /// For each scalar of the translation the innermost element around it.
    private var cover: [Int?]

    /// - Parameter alignments: how the words of each sentence are aligned; nil where nobody knows.
    init(_ marked: MarkedText, _ translation: Translation, _ alignments: [AlignmentMatrix?]) {
        self.marked = marked
        target = Array(translation.text.unicodeScalars)
        words = WordPlaces(
            translation, alignments, source: Array(marked.plain.unicodeScalars), target: target)
        cover = Array(repeating: nil, count: target.count)
        coverWords()
        smoothIslands()
        coverLostElements()
        fillGaps()
    }

    // MARK: Which element covers what

    private mutating func coverWords() {
        for place in words.targets.indices {
            guard let source = words.source(of: place) else { continue }
            let range = words.sources[source]
            // A mark that stands alone, as in French, belongs to what the mark behind the source word belongs to.
            if words.isMark(words.targets[place]) {
                guard words.endsInMark(range), let element = marked.element(at: range.upperBound - 1) else { continue }
                cover(words.targets[place], with: element)
                continue
            }
            guard let element = marked.element(at: words.firstLetter(of: range)) else { continue }
            let endsInside = marked.element(at: range.upperBound - 1) == element && words.endsInMark(range)
            cover(words.core(of: words.targets[place], keepingEnd: endsInside), with: element)
        }
    }

    /// A word between two words of one element, whose own element covers others, too, goes with its neighbours.
    private mutating func smoothIslands() {
        let found = words.targets.map { cover[words.core(of: $0, keepingEnd: false).lowerBound] }
        for place in found.indices.dropFirst().dropLast() {
            guard let before = found[place - 1], before == found[place + 1], let own = found[place], own != before,
                !words.isMark(words.targets[place]), !marked.path(to: own).contains(before)
            else { continue }
            let isElsewhere = found.indices.contains { $0 != place && found[$0] == own }
            if isElsewhere { cover(words.core(of: words.targets[place], keepingEnd: false), with: before) }
        }
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

    var html: String {
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
            result += String(target[place]).escapedHTML
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
