/// Text as the metrics see it: arrays of Unicode scalars, with the reference implementation's (Python's) notions of
/// white space and lower case, because `String` compares by canonical equivalence and splits elsewhere.
extension String {
    /// The scalars, in lower case if wanted.
    func metricScalars(lowercased: Bool) -> [Unicode.Scalar] {
        let scalars = Array(unicodeScalars)
        guard lowercased else { return scalars }
        return scalars.indices.flatMap { index -> [Unicode.Scalar] in
            if scalars[index] == "Σ", scalars.isFinalSigma(at: index) { return ["ς"] }
            return Array(scalars[index].properties.lowercaseMapping.unicodeScalars)
        }
    }
}

extension Unicode.Scalar {
    /// Unicode's spaces and, beyond `White_Space`, the four ASCII information separators.
    var isMetricWhitespace: Bool {
        properties.isWhitespace || ("\u{1C}"..."\u{1F}").contains(self)
    }
}

extension [Unicode.Scalar] {
    /// What stands between white space.
    var metricWords: [Word] {
        split(whereSeparator: \.isMetricWhitespace)
    }

    /// The scalars up to the last that is not white space.
    var withoutTrailingWhitespace: [Unicode.Scalar] {
        guard let last = lastIndex(where: { !$0.isMetricWhitespace }) else { return [] }
        return Array(self[...last])
    }

    /// Replaces every occurrence of `pattern`, searching from the left and on after each.
    mutating func replace(_ pattern: String, with replacement: String) {
        let pattern = Array(pattern.unicodeScalars)
        guard let first = pattern.first, contains(first) else { return }
        var result: [Unicode.Scalar] = []
        var rest = self[...]
        while let next = rest.first {
            if next == first, rest.starts(with: pattern) {
                result += replacement.unicodeScalars
                rest = rest.dropFirst(pattern.count)
            } else {
                result.append(next)
                rest = rest.dropFirst()
            }
        }
        self = result
    }

    /// Replaces pairs of neighbours from left to right; a pair replaced is not looked at again.
    ///
    /// - Parameter separated: What stands for a pair, or `nil` to keep its first and look at the next.
    func separatingPairs(
        _ separated: (Unicode.Scalar, Unicode.Scalar) -> [Unicode.Scalar]?
    ) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(count + count / 4)
        var index = 0
        while index < count {
            if index + 1 < count, let pair = separated(self[index], self[index + 1]) {
                result += pair
                index += 2
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }

    /// Whether a letter comes before and none after, passing over marks (Unicode's condition `Final_Sigma`).
    fileprivate func isFinalSigma(at index: Int) -> Bool {
        let before = self[..<index].last { !$0.properties.isCaseIgnorable }
        let after = self[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true
    }
}
