internal import Glibc

extension Sampling {
    /// The tokens that may be drawn, by their ids; nil if the row cannot be ranked.
    func choices(in logProbabilities: LogProbabilities, row: Int) -> [TokenChoice]? {
        if temperature == 0 { return logProbabilities.best(1, row: row) }
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
