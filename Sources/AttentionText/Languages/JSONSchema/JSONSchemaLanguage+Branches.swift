import AttentionFiles

/// `anyOf` and `oneOf`.
extension JSONSchemaLanguage {
    /// What fits one of the branches, and all that stands beside them.
    mutating func language(
        _ branching: JSONSchemaWords, beside others: [JSONSchemaPart]
    ) throws(TextLanguageError) -> LanguageTree {
        let isExclusive = branching["oneOf"] != nil
        let branches = try branching.parts(isExclusive ? "oneOf" : "anyOf")
        if isExclusive { try checkApart(branches, beside: others, at: branching.part.place) }
        var trees: [LanguageTree] = []
        for branch in branches { trees.append(try language(others + [branch])) }
        return .choice(trees)
    }

    /// Of branches that no document fits two of, `oneOf` says what `anyOf` does; an automaton cannot count how many others fit.
    private func checkApart(
        _ branches: [JSONSchemaPart], beside others: [JSONSchemaPart], at place: String
    ) throws(TextLanguageError) {
        for (index, branch) in branches.enumerated() {
            for other in branches.indices.dropFirst(index + 1) {
                var trial = self
                let both = try trial.language(others + [branch, branches[other]])
                guard both.isPossible(LanguageProgram.possible(trial.ruleTrees)) else { continue }
                throw .unfit(
                    "oneOf", at: place, expected: "branches that no document fits two of",
                    found: "that one may fit \(index) and \(other) (say anyOf, or tell them apart by a required const)")
            }
        }
    }
}
