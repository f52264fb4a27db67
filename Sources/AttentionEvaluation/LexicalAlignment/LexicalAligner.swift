/// Finds which words translate which by counting how often they occur together: a word aligner that learns from
/// sentences and their translations alone.
///
/// Each target word f_i is thought to translate one source word e_j, or none (the null word):
///
///     p(f | e) = Π_i [ p₀ · t(f_i | null) + Σ_j δ(j | i, m, n) · t(f_i | e_j) ]
///
/// where the position prior δ knows only where the words stand and the translation probabilities t only what they are.
/// The latter are learnt by expectation maximisation. An aligner of the other direction is trained by swapping source
/// and target.
///
/// - Source: Brown et al. (1993), *The Mathematics of Statistical Machine Translation*, Model 1; Dyer, Chahuneau and
///   Smith (2013), *A Simple, Fast, and Effective Reparameterization of IBM Model 2*, for the prior.
public struct LexicalAligner: Sendable {
    private let sources: Numbering<Int>
    private let targets: Numbering<Int>
    private let table: TranslationTable

    /// The position prior; after training, if its tension was to be estimated.
    public let prior: PositionPrior

    /// ln p(target sentences | source sentences) at the start of each iteration. It never falls where the estimation is
    /// that of maximum likelihood.
    public let logLikelihoods: [Double]

    /// Learns from sentence pairs. The same pairs in the same order give the same aligner.
    ///
    /// - Parameters:
    ///   - pairs: sentences and their translations as word ids of the caller's choice. A pair with an empty side
    ///     teaches nothing.
    ///   - iterations: how many times to go over the sentences; without any, all words translate all others.
    ///   - prior: where translations are looked for.
    ///   - estimation: how probabilities follow from counts.
    /// - Complexity: O(c) per iteration for the c pairs of a source position and a target position in all sentences;
    ///   4 bytes of memory for each of them and 20 for each pair of words seen together.
    public init(
        pairs: some Collection<(source: [Int], target: [Int])>, iterations: Int = 5,
        prior: PositionPrior = .diagonal(), estimation: TranslationEstimation = .maximumLikelihood
    ) {
        let sentences = SentencePairs(pairs)
        var (table, stream) = TranslationTable.covering(sentences)
        var prior = prior
        var logLikelihoods: [Double] = []
        for _ in 0..<max(0, iterations) {
            let expected = ExpectedCounts(of: sentences, stream: stream, table: table, prior: prior)
            logLikelihoods.append(expected.logLikelihood)
            table.update(from: expected.entries, by: estimation)
            if prior.isEstimated { prior = expected.distances.updated(prior) }
        }
        sources = sentences.source.numbering
        targets = sentences.target.numbering
        self.table = table
        self.prior = prior
        self.logLikelihoods = logLikelihoods
    }

    /// t(target word | source word), or t(target word | null) without a source word; 0 for words never seen together.
    public func probability(of target: Int, given source: Int?) -> Double {
        guard let target = targets[target] else { return 0 }
        guard let source else { return table.probabilities[target] }
        guard let source = sources[source] else { return 0 }
        return table.entry(source: source, target: target).map { table.probabilities[$0] } ?? 0
    }

    /// The most probable link of each target word. Of equally probable ones no link comes first, then the first source
    /// word.
    ///
    /// Words never seen together translate each other with a tiny probability, so that a new word, which has nothing
    /// else to go by, is linked by its position.
    ///
    /// - Returns: for each target position the source position that it is linked with, both from 0; nil for none.
    /// - Complexity: O(m · n · log e) for sentences of m and n words and source words seen with e target words.
    public func links(source: [Int], target: [Int]) -> [Int?] {
        let positions = PositionWeights(prior, sourceCount: source.count, targetCount: target.count)
        var weights = [Double](repeating: 0, count: source.count)
        return target.indices.map { i in
            positions.fill(&weights, target: i)
            var best: Int?
            var greatest = prior.nullProbability * max(probability(of: target[i], given: nil), Self.leastProbability)
            for j in source.indices {
                let score = weights[j] * max(probability(of: target[i], given: source[j]), Self.leastProbability)
                if score > greatest { (best, greatest) = (j, score) }
            }
            return best
        }
    }

    /// Of words never seen together.
    private static let leastProbability = 1e-9
}
