/// A word of a line, as BLEU and chrF compare it: scalar by scalar.
typealias Word = ArraySlice<Unicode.Scalar>

/// How a line is split into words before BLEU counts them. Raw values are sacreBLEU's names.
public enum BLEUTokenizer: String, CaseIterable, Hashable, Sendable {
    /// The tokenisation of NIST's mteval-v13a script, the WMT standard for Western languages.
    case mteval13a = "13a"
    /// At white space only: the caller has tokenised.
    case none
    /// Every punctuation mark and symbol of Unicode apart, except between digits (mteval-v14).
    case international = "intl"
    /// Every scalar a word.
    case character = "char"

    /// The words of a line, joined by single spaces.
    public func tokenize(_ line: String) -> String {
        var result = String.UnicodeScalarView()
        for word in words(of: line.metricScalars(lowercased: false).withoutTrailingWhitespace) {
            if !result.isEmpty { result.append(" ") }
            result.append(contentsOf: word)
        }
        return String(result)
    }

    func words(of line: [Unicode.Scalar]) -> [Word] {
        switch self {
        case .mteval13a: Tokenization13a.tokenize(line).metricWords
        case .none: line.metricWords
        case .international: InternationalTokenization.tokenize(line).metricWords
        case .character: line.indices.filter { !line[$0].isMetricWhitespace }.map { line[$0...$0] }
        }
    }
}
