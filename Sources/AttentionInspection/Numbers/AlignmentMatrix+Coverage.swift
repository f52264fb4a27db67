extension AlignmentMatrix {
    /// How much attention each source token received in all: `c_j = Σ_i α_ij` over the targets `i`. In a translation a
    /// coverage near 0 hints at a word left out, one well above 1 at a word translated twice.
    ///
    /// - Returns: one number per source token.
    /// - Complexity: O(Q · K).
    /// - Source: Tu et al. (2016), *Modeling Coverage for Neural Machine Translation*, section 3, with fertility 1.
    public var coverage: [Double] {
        source.indices.map { column in weights.reduce(0) { $0 + Double($1[column]) } }
    }
}
