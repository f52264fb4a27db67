public import AttentionTensors
internal import Glibc

/// Beams whose continuations are drawn: at each step, as many candidates as a beam search would look at are drawn without replacement from the
/// continuations of all live hypotheses, each as likely as P(hypothesis)^(1/temperature); of these the best go on, as ever.
///
/// A candidate's key is ln P / temperature and Gumbel noise; those with the highest keys are a draw without replacement. Hypotheses are ranked
/// by their own ln P, untouched by temperature and cuts. At temperature 0 this is beam search.
///
/// Source: transformers' `do_sample` with `num_beams`, which keeps two tokens at least where cuts would leave one; Vieira 2014, *Gumbel-max
/// trick and weighted reservoir sampling*; Kool et al. 2019, *Stochastic Beams and Where to Find Them*, sec. 2.3.
public struct BeamSampling: Sendable {
    /// Temperature and cuts, of each hypothesis by itself; its rules for tokens and its number of samples are those of the beams.
    public var settings: Sampling
    /// Where randomness comes from; the draws of a source depend on its number.
    public var key: RandomKey

    /// Draws with these settings.
    public init(_ settings: Sampling, key: RandomKey) { (self.settings, self.key) = (settings, key) }

    /// So many of the candidates, or all if they are fewer.
    func drawn(_ count: Int, of candidates: [BeamCandidate], source: Int, step: Int) -> [BeamCandidate] {
        guard settings.temperature > 0, candidates.count > count else { return candidates }
        var generator = key[source][step].generator()
        // Differences are taken before the division, so that a temperature near 0 leaves the order as it is.
        let best = candidates.map(\.sum).max() ?? 0
        let keys = candidates.map { candidate in
            let uniform = (Double(generator.next() >> 11) + 0.5) * 0x1p-53
            return (candidate.sum - best) / settings.temperature - log(-log(uniform))
        }
        return candidates.indices.sorted { (keys[$1], $0) < (keys[$0], $1) }.prefix(count).sorted().map {
            candidates[$0]
        }
    }
}

/// ln P of a hypothesis with one token more.
typealias BeamCandidate = (sum: Double, continuation: Continuation)
