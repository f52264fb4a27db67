import AttentionEvaluation

/// A few sentence pairs in words, and what an aligner says of them.
struct SmallCorpus {
    private(set) var pairs: [(source: [Int], target: [Int])] = []
    private var sourceVocabulary = WordVocabulary()
    private var targetVocabulary = WordVocabulary()

    init(_ sentences: [(String, String)]) {
        for (source, target) in sentences {
            pairs.append(
                (source: sourceVocabulary.ids(of: words(source)), target: targetVocabulary.ids(of: words(target))))
        }
    }

    func probability(of target: String, given source: String?, by aligner: LexicalAligner) -> Double {
        var (sourceVocabulary, targetVocabulary) = (sourceVocabulary, targetVocabulary)
        let source = source.map { sourceVocabulary.ids(of: [$0])[0] }
        return aligner.probability(of: targetVocabulary.ids(of: [target])[0], given: source)
    }

    func links(_ source: String, _ target: String, by aligner: LexicalAligner) -> [Int?] {
        var (sourceVocabulary, targetVocabulary) = (sourceVocabulary, targetVocabulary)
        return aligner.links(
            source: sourceVocabulary.ids(of: words(source)), target: targetVocabulary.ids(of: words(target)))
    }
}

private func words(_ sentence: String) -> [String] { sentence.split(separator: " ").map(String.init) }

/// Sentence pairs of words drawn at random, some of them translations of each other, the same for the same seed.
func randomPairs(
    count: Int, wordCount: Int, longest: Int, seed: UInt64
) -> [(source: [Int], target: [Int])] {
    var state = seed
    func draw(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
    return (0..<count).map { _ in
        let source = (0...draw(longest)).map { _ in draw(wordCount) }
        let target = source.map { draw(4) == 0 ? draw(wordCount) : $0 } + (0..<draw(2)).map { _ in draw(wordCount) }
        return (source: source, target: target)
    }
}
