package import AttentionDecoding
internal import Glibc

/// Which tokens for moments may be written where: they come in pairs around what was said, never go back, and stand first; and one is written
/// if all of them together are likelier than any word.
///
/// *Source:* Radford et al. 2023, sec. 2.3, as the authors' `ApplyTimestampRules` has it.
package struct TimestampRules: LogitProcessor {
    private let tokens: SpeechTokens
    private let endTokens: Set<Int>

    /// Rules for texts that end with one of these.
    package init(_ tokens: SpeechTokens, endTokens: Set<Int>) { (self.tokens, self.endTokens) = (tokens, endTokens) }

    package func process(_ scores: TokenScores, after text: WrittenText) {
        let first = tokens.firstMoment
        scores.forbid(tokens.withoutTimestamps)
        let written = text.tokens
        if let last = written.last, last >= first {
            let isPair = written.count < 2 || written[written.count - 2] >= first
            if isPair {
                forbid(first..<scores.count, in: scores)
            } else {
                forbid(0..<first, but: endTokens, in: scores)
            }
            // What ended may begin anew at the same moment; what began must last.
            forbid(first..<(isPair ? last + 1 : last), in: scores)
        } else if let latest = written.last(where: { $0 >= first }) {
            forbid(first..<latest + 1, in: scores)
        }
        if written.isEmpty {
            forbid(0..<first, in: scores)
            if let latest = tokens.latestBeginning { forbid(first + latest + 1..<scores.count, in: scores) }
        }
        preferMoments(scores)
    }

    /// Forbids words where moments together are likelier than any of them.
    private func preferMoments(_ scores: TokenScores) {
        let first = tokens.firstMoment
        guard first < scores.count else { return }
        let word = (0..<first).reduce(-Float.infinity) { max($0, scores[$1]) }
        let moment = (first..<scores.count).reduce(-Float.infinity) { max($0, scores[$1]) }
        guard moment > -.infinity else { return }
        let sum = (first..<scores.count).reduce(0.0) { $0 + exp(Double(scores[$1] - moment)) }
        if Double(moment) + log(sum) > Double(word) { forbid(0..<first, in: scores) }
    }

    private func forbid(_ range: Range<Int>, but kept: Set<Int> = [], in scores: TokenScores) {
        for token in range where !kept.contains(token) { scores.forbid(token) }
    }
}
