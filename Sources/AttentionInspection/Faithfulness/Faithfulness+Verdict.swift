extension Faithfulness {
    /// How far a picture may be believed.
    public enum Degree: String, Sendable, Equatable {
        /// The orders agree by a τ of at least 0.5.
        case largely
        /// By at least 0.25.
        case partly
        /// By less.
        case hardly
        /// There are too few words to put in an order.
        case unknown
    }

    /// How far where it looks is what it depends on: by the mean τ of all measures.
    public var degree: Degree {
        let found = agreements.compactMap(\.kendall)
        guard !found.isEmpty else { return .unknown }
        let mean = found.reduce(0, +) / Double(found.count)
        return mean >= 0.5 ? .largely : mean >= 0.25 ? .partly : .hardly
    }

    /// The verdict in plain words, for those who look at the picture.
    public var verdict: String {
        guard degree != .unknown else {
            return "There are too few words to tell whether what is looked at is what the output depends on."
        }
        let first =
            switch degree {
            case .largely: "Where it looks is largely what the output depends on"
            case .partly: "Where it looks is partly what the output depends on: the picture is a hint, not a reason"
            case .hardly, .unknown: "Where it looks is hardly what the output depends on: the picture is no reason"
            }
        let numbers = agreements.compactMap { agreement in
            agreement.kendall.map { "\($0.fixedText) with \(agreement.method.rawValue)" }
        }
        let limit = ceiling.map { "; leaving words out and integrated gradients agree by \($0.fixedText)" } ?? ""
        return first + " (Kendall's tau \(numbers.joined(separator: ", "))\(limit))."
    }

    /// What leaving heads out says, in plain words; nil where none was left out.
    public var headVerdict: String? {
        guard let first = heads.first, heads.count > 1 else { return nil }
        let middle = heads[heads.count / 2]
        return "Of \(heads.count) heads, leaving out \(first.head) changes most (\(first.effect.effectText)), "
            + "half of them at most \(middle.effect.effectText)."
    }

    /// Both, a line each.
    public var lines: [String] { [verdict] + (headVerdict.map { [$0] } ?? []) }
}

extension Double {
    /// With two decimals.
    var fixedText: String { fixedDecimals(2) }

    /// The size of an effect: with two digits, however small.
    var effectText: String { significantDigits(2) }
}
