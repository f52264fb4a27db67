internal import Glibc

extension Sampling {
    /// The tokens that may be drawn, by their ids; nil if the row cannot be ranked.
    func choices(in logProbabilities: LogProbabilities, row: Int) -> [TokenChoice]? {
        if temperature == 0 { return logProbabilities.best(1, row: row) }
        return likelyChoices(in: logProbabilities, row: row).map { typical(of: likely($0)) }
    }

    /// Those that `topK` and `topP` leave.
    private func likelyChoices(in logProbabilities: LogProbabilities, row: Int) -> [TokenChoice]? {
        guard let topK else {
            guard let possible = logProbabilities.possible(row: row) else { return nil }
            return nucleus(of: possible) { logProbabilities.best($0, row: row) ?? [] }
        }
        guard let likeliest = logProbabilities.best(topK, row: row) else { return nil }
        return nucleus(of: likeliest.sorted { $0.token < $1.token }) { Array(likeliest.prefix($0)) }
    }

    /// The smallest set of the likeliest tokens whose share of all reaches `topP`, by their ids.
    /// - Parameter likeliest: As many of the likeliest as asked for, best first: a few suffice nearly always.
    private func nucleus(of choices: [TokenChoice], _ likeliest: (Int) -> [TokenChoice]) -> [TokenChoice] {
        guard let topP, topP < 1, let best = likeliest(1).first else { return choices }
        let wanted = topP * choices.reduce(0) { $0 + weight($1, best) }
        var count = 64
        while true {
            let ranked = likeliest(count)
            var share = 0.0
            for (index, choice) in ranked.enumerated() {
                share += weight(choice, best)
                if share >= wanted { return ranked[...index].sorted { $0.token < $1.token } }
            }
            if ranked.count < count { return choices }
            count *= 4
        }
    }

    /// The choices no less likely than `minP` times the likeliest.
    private func likely(_ choices: [TokenChoice]) -> [TokenChoice] {
        guard let minP, minP > 0, let best = choices.min(by: { $0.precedes($1) }) else { return choices }
        return choices.filter { weight($0, best) >= minP }
    }

    /// The smallest set of choices whose −ln P is nearest to the mean of −ln P and whose share of all reaches `typicalP`, by their ids.
    private func typical(of choices: [TokenChoice]) -> [TokenChoice] {
        guard let typicalP, typicalP < 1, let best = choices.min(by: { $0.precedes($1) }) else { return choices }
        let weights = choices.map { weight($0, best) }
        let total = weights.reduce(0, +)
        let information = weights.map { -log($0 / total) }
        let entropy = zip(weights, information).reduce(0) { $0 + ($1.0 > 0 ? $1.0 / total * $1.1 : 0) }
        let order = choices.indices.sorted { abs(information[$0] - entropy) < abs(information[$1] - entropy) }
        var (kept, share): ([Int], Double) = ([], 0)
        for index in order {
            kept.append(index)
            share += weights[index] / total
            if share >= typicalP { break }
        }
        return kept.sorted().map { choices[$0] }
    }

    /// The choice that a number from [0, 1) falls on, when each takes a part as large as its weight; nil if there is none.
    func draw(from choices: [TokenChoice], _ uniform: Double) -> TokenChoice? {
        guard let best = choices.min(by: { $0.precedes($1) }) else { return nil }
        var rest = uniform * choices.reduce(0) { $0 + weight($1, best) }
        for choice in choices {
            rest -= weight(choice, best)
            if rest < 0 { return choice }
        }
        return best  // rounding left a little over
    }

    /// P^(1/temperature), relative to the likeliest token's.
    private func weight(_ choice: TokenChoice, _ best: TokenChoice) -> Double {
        temperature == 0 ? 1 : exp(Double(choice.logProbability - best.logProbability) / temperature)
    }
}
