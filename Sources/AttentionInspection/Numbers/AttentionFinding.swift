/// Something that was found where a model looks, with its likely cause and the mend.
public struct AttentionFinding: Sendable, Hashable, Codable {
    /// What was found.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Parameters that are no numbers.
        case brokenNumbers = "broken-numbers"
        /// Rows of attention that are no numbers.
        case brokenRows = "broken-rows"
        /// A head that looks at all alike.
        case uniform
        /// A head that looks at one place, whatever is asked.
        case collapsed
        /// A head that looks as another does.
        case duplicate
        /// What comes later is looked at, or changes what came before.
        case leak
        /// What fills rows up is looked at, or changes a row.
        case padding
        /// Position by position it is not what it is at once.
        case cache
        /// A head that rests at the first place.
        case sink
        /// A head that looks at nearly all alike.
        case diffuse
    }

    /// What was found.
    public let kind: Kind
    /// Where: `encoder 3.5`, counted from 1, or the name of a parameter; empty for the whole model.
    public let place: String
    /// What was measured, as a sentence without a full stop.
    public let observation: String

    /// A finding.
    public init(_ kind: Kind, at place: String = "", _ observation: String) {
        (self.kind, self.place, self.observation) = (kind, place, observation)
    }

    /// Whether the model is broken; else it is worth knowing, and common.
    public var isSerious: Bool { kind != .sink && kind != .diffuse }

    /// What it comes from, most likely.
    public var cause: String {
        switch kind {
        case .brokenNumbers: "training diverged, or the file was damaged or converted wrongly"
        case .brokenRows:
            "numbers that are none among the weights, scores beyond what a number holds, or rows in which nothing may be looked at"
        case .uniform: "its queries or keys are 0, or alike for all words: pruned, frozen, or never trained"
        case .collapsed: "its scores have grown out of bounds, so that one place always wins"
        case .duplicate: "it was copied, or the two began alike and were never told apart"
        case .leak: "a mask is missing, or moved by a place"
        case .padding: "lengths or the mask of a batch do not reach the attention"
        case .cache: "positions, windows or the order of rows in the cache are not those of the whole text"
        case .sink: "it has nothing to say there: the first token takes what must go somewhere (Xiao et al. 2024)"
        case .diffuse: "it takes the mean of a text, as heads of first layers often do"
        }
    }

    /// What is to be done.
    public var remedy: String {
        switch kind {
        case .brokenNumbers:
            "go back to an earlier checkpoint and train with a lower rate or clipped gradients; or copy or convert the file again"
        case .brokenRows: "mend the numbers first; else cap the scores, or let no row be without a place to look"
        case .uniform:
            "leave it out (--ablate), it tells words apart no more; or begin its maps of queries and keys anew and train on"
        case .collapsed:
            "train with a lower rate, with norms of queries and keys, or with capped scores; or leave it out (--ablate)"
        case .duplicate: "leave one of them out (--ablate), or begin it anew and train on"
        case .leak: "give the decoder's self-attention a causal scope, and compare with a text cut short"
        case .padding: "pass lengths or the mask with every batch"
        case .cache: "compare the first position that differs; windows must keep what is still looked at"
        case .sink: "nothing; a cache that forgets must keep the first token"
        case .diffuse: "nothing"
        }
    }
}
