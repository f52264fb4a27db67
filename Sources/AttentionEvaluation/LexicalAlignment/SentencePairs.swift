/// Sentences and their translations, one run of words per language, the words numbered from 0 without gaps.
///
/// Pairs with an empty side are left out: no word of theirs has a translation.
struct SentencePairs {
    /// All sentences of one language, one after the other.
    struct Side {
        private(set) var numbering = Numbering<Int>()
        private(set) var words: [Int32] = []
        private(set) var starts = [0]

        mutating func append(_ sentence: [Int]) {
            for word in sentence { words.append(Int32(numbering.number(of: word))) }
            starts.append(words.count)
        }

        /// Where in `words` a sentence lies.
        subscript(sentence: Int) -> Range<Int> { starts[sentence]..<starts[sentence + 1] }
    }

    private(set) var source = Side()
    private(set) var target = Side()

    init(_ pairs: some Collection<(source: [Int], target: [Int])>) {
        for pair in pairs where !pair.source.isEmpty && !pair.target.isEmpty {
            source.append(pair.source)
            target.append(pair.target)
        }
    }

    var count: Int { source.starts.count - 1 }

    /// How many pairs of a source position and a target position there are in all sentences.
    var cellCount: Int {
        (0..<count).reduce(0) { $0 + source[$1].count * target[$1].count }
    }
}
