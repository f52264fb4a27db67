import AttentionDecoding

/// What a search for translations is held to, besides what its options say. Tokens are those of the whole vocabulary: no shortlist is looked at.
struct TranslationConstraint {
    /// How translations begin.
    let beginning: PrefixConstraint
    /// What ends them before the model does; nil for nothing.
    let stop: (any StoppingRule)?

    /// Translations of such a beginning.
    init(_ beginning: PrefixConstraint, stop: (any StoppingRule)? = nil) {
        (self.beginning, self.stop) = (beginning, stop)
    }
}
