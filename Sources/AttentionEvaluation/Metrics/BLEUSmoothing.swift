/// What stands for an n-gram precision when nothing matches, whose logarithm would be −∞.
///
/// Source: Chen and Cherry 2014, "A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU".
public enum BLEUSmoothing: Hashable, Sendable {
    /// Nothing: the score is 0.
    case none
    /// Half a match, then a quarter, an eighth … for each further order without matches (their method 3).
    case exponential
    /// This many matches where there are none (method 1; the paper's 0.1).
    case floor(Double = 0.1)
    /// This many more matches and n-grams for each order above 1 (method 2; usually 1).
    case addK(Double = 1)

    var signature: String {
        switch self {
        case .none: "none"
        case .exponential: "exp"
        case .floor(let value): "floor[\(value.fixedPoint(digits: 2))]"
        case .addK(let value): "add-k[\(value.fixedPoint(digits: 2))]"
        }
    }
}
