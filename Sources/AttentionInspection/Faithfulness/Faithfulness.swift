/// Whether a picture of attention tells what the output depends on: attention beside measures of that, and how far they agree.
///
/// - Source: Jain & Wallace (2019), *Attention is not Explanation*, section 4.1, and the answer of Wiegreffe & Pinter (2019), *Attention is not
///   not Explanation*: agreement is to be seen beside that of the measures with each other.
public struct Faithfulness: Sendable, Equatable {
    /// A measure of what the output depends on.
    public enum Method: String, Sendable, CaseIterable {
        /// How much the outcome changes when a word's vector is 0 (Li, Monroe & Jurafsky 2016, *Representation Erasure*).
        case leaveOneOut = "leaving words out"
        /// |⟨gradient, vector⟩| of each word.
        case gradient = "gradient"
        /// The same along the way from nothing to the text (Sundararajan, Taly & Yan 2017, *Axiomatic Attribution for Deep Networks*).
        case integratedGradients = "integrated gradients"
    }

    /// How far attention agrees with a measure: the mean over the rows that can be ranked; nil where none can.
    public struct Agreement: Sendable, Equatable {
        /// The measure.
        public let method: Method
        /// Spearman's ρ.
        public let spearman: Double?
        /// Kendall's τ-b.
        public let kendall: Double?
    }

    /// What leaving a head out changes.
    public struct HeadEffect: Sendable, Equatable {
        /// The head, such as `encoder 3.5`, counted from 1.
        public let head: String
        /// How much outcomes change, the mean over the rows.
        public let effect: Double
        /// How much of its attention goes to the word that was asked about; nil where none was.
        public let weight: Double?

        /// The effect of a head.
        public init(head: String, effect: Double, weight: Double? = nil) {
            (self.head, self.effect, self.weight) = (head, effect, weight)
        }
    }

    /// Where it looks: what is compared.
    public let attention: AlignmentMatrix
    /// How much each row depends on each column by each measure, not negative.
    public let importances: [Method: AlignmentMatrix]
    /// How far attention agrees with each measure, in the order of `Method`.
    public let agreements: [Agreement]
    /// How far the first and the last measure agree with each other, Kendall's τ-b: no picture can be expected to agree more.
    public let ceiling: Double?
    /// What leaving a head out changes, the greatest change first.
    public let heads: [HeadEffect]

    /// Compares attention with what was measured.
    ///
    /// - Parameters:
    ///   - attention: where it looks.
    ///   - importances: for each measure [rows][columns], in the shape of the attention.
    ///   - isCompared: whether a column counts in a row: not, say, what comes later, or the word itself.
    ///   - heads: what leaving heads out changes.
    /// - Throws: `AlignmentError` if the shapes do not fit, or a number is negative or none.
    public init(
        attention: AlignmentMatrix, importances: [Method: [[Float]]], heads: [HeadEffect] = [],
        isCompared: (_ row: Int, _ column: Int) -> Bool = { _, _ in true }
    ) throws(AlignmentError) {
        var matrices: [Method: AlignmentMatrix] = [:]
        for method in Method.allCases {
            guard let weights = importances[method] else { continue }
            matrices[method] = try AlignmentMatrix(
                name: method.rawValue, source: attention.source, target: attention.target, weights: weights)
        }
        let columns = attention.target.indices.map { row in attention.source.indices.filter { isCompared(row, $0) } }
        func agreement(
            _ first: AlignmentMatrix, _ second: AlignmentMatrix, _ measure: ([Double], [Double]) -> Double?
        ) -> Double? {
            let found = columns.enumerated().compactMap { row, columns -> Double? in
                // Two numbers are in the same order or in the reverse, by chance.
                guard columns.count >= 3 else { return nil }
                return measure(
                    columns.map { Double(first.weights[row][$0]) }, columns.map { Double(second.weights[row][$0]) })
            }
            return found.isEmpty ? nil : found.reduce(0, +) / Double(found.count)
        }
        agreements = Method.allCases.compactMap { method in
            matrices[method].map { matrix in
                Agreement(
                    method: method, spearman: agreement(attention, matrix, RankCorrelation.spearman),
                    kendall: agreement(attention, matrix, RankCorrelation.kendall))
            }
        }
        if let first = matrices[.leaveOneOut], let last = matrices[.integratedGradients] {
            ceiling = agreement(first, last, RankCorrelation.kendall)
        } else {
            ceiling = nil
        }
        (self.attention, self.importances) = (attention, matrices)
        self.heads = heads.sorted { ($1.effect, $0.head) < ($0.effect, $1.head) }
    }
}
