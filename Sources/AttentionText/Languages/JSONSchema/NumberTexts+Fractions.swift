import AttentionFiles

/// Numbers with a point.
extension NumberTexts {
    /// A bound without its sign: 12.05 is 12, and the digits 0 and 5.
    private struct Magnitude {
        let whole: Int
        let fraction: [Int]
        let isOpen: Bool

        static let zero = Magnitude(whole: 0, fraction: [], isOpen: false)

        init(whole: Int, fraction: [Int], isOpen: Bool) {
            (self.whole, self.fraction, self.isOpen) = (whole, fraction, isOpen)
        }

        init(_ bound: NumberConditions.Bound) {
            let parts = bound.number.description.drop { $0 == "-" }.lowercased().split(separator: "e")
            let digits = parts[0].split(separator: ".", omittingEmptySubsequences: false)
            let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
            var whole = digits[0].compactMap(\.wholeNumberValue)
            var fraction = digits.count > 1 ? digits[1].compactMap(\.wholeNumberValue) : []
            for _ in 0..<max(0, exponent) { whole.append(fraction.isEmpty ? 0 : fraction.removeFirst()) }
            for _ in 0..<max(0, -exponent) { fraction.insert(whole.popLast() ?? 0, at: 0) }
            while fraction.last == 0 { fraction.removeLast() }
            self.init(whole: whole.reduce(0) { 10 * $0 + $1 }, fraction: fraction, isOpen: bound.isOpen)
        }
    }

    /// The numbers that fit.
    var numbers: LanguageTree {
        mutating get {
            if conditions.divisor > 1 { return integers }
            guard conditions.lower != nil || conditions.upper != nil else { return JSONTexts.number }
            func isBelowZero(_ bound: NumberConditions.Bound) -> Bool { bound.number.double < 0 }
            var branches: [LanguageTree] = []
            if conditions.upper.map({ !isBelowZero($0) }) ?? true {
                let lower = conditions.lower.flatMap { isBelowZero($0) ? nil : Magnitude($0) } ?? .zero
                branches.append(magnitudes(from: lower, to: conditions.upper.map { Magnitude($0) }))
            }
            if conditions.lower.map(isBelowZero) ?? true {
                let upper =
                    conditions.upper.flatMap { isBelowZero($0) ? Magnitude($0) : nil }
                    ?? Magnitude(whole: 0, fraction: [], isOpen: true)
                let tree = magnitudes(from: upper, to: conditions.lower.map { Magnitude($0) })
                branches.append(.sequence([.text("-"), tree]))
            }
            return .choice(branches)
        }
    }

    /// Numbers without a sign from one on to another, if there is one.
    private mutating func magnitudes(from low: Magnitude, to high: Magnitude?) -> LanguageTree {
        func whole(_ number: Int) -> LanguageTree { .text("\(number)") }
        if let high, high.whole < low.whole { return .choice([]) }
        if let high, high.whole == low.whole {
            return .sequence([whole(low.whole), fraction(Fractions(low: low, high: high))])
        }
        var branches = [
            LanguageTree.sequence([whole(low.whole), fraction(Fractions(low: low, high: nil))]),
            .sequence([
                integers(from: low.whole + 1, to: high.map { $0.whole - 1 }), fraction(Fractions(low: nil, high: nil)),
            ]),
        ]
        if let high { branches.append(.sequence([whole(high.whole), fraction(Fractions(low: nil, high: high))])) }
        return .choice(branches)
    }

    /// Between which fractions the digits behind a point lie, as far as they are those of a bound so far.
    private struct Fractions {
        var low: Magnitude?
        var high: Magnitude?

        func digit(_ bound: Magnitude, _ place: Int) -> Int { bound.fraction.count > place ? bound.fraction[place] : 0 }

        /// Whether the digits may end before this place.
        func mayEnd(_ place: Int) -> Bool {
            let fitsLow = low.map { !$0.isOpen && $0.fraction.count <= place } ?? true
            return fitsLow && high.map { !$0.isOpen || $0.fraction.count > place } ?? true
        }
    }

    private func fraction(_ bounds: Fractions) -> LanguageTree {
        let digits = LanguageTree.sequence([.text("."), digits(bounds, 0, least: 1)])
        return bounds.mayEnd(0) ? .optional(digits) : digits
    }

    private func digits(_ bounds: Fractions, _ place: Int, least: Int) -> LanguageTree {
        let (low, high) = (bounds.low, bounds.high)
        if low == nil, high == nil { return .repetition(Self.digit, minimum: least, maximum: nil) }
        guard place < max(low?.fraction.count ?? 0, high?.fraction.count ?? 0) else {
            return rest(bounds, least: least)
        }
        let lowest = low.map { bounds.digit($0, place) }
        let highest = high.map { bounds.digit($0, place) }
        var branches: [LanguageTree] = least == 0 && bounds.mayEnd(place) ? [.empty] : []
        for digit in (lowest ?? 0)...max(lowest ?? 0, highest ?? 9) where digit <= highest ?? 9 {
            let next = Fractions(low: digit == lowest ? low : nil, high: digit == highest ? high : nil)
            branches.append(.sequence([.text("\(digit)"), digits(next, place + 1, least: 0)]))
        }
        return .choice(branches)
    }

    /// Behind all digits of the bounds, which the number has so far.
    private func rest(_ bounds: Fractions, least: Int) -> LanguageTree {
        let zero = LanguageTree.text("0")
        if let high = bounds.high {
            return high.isOpen || bounds.low?.isOpen == true
                ? .choice([]) : .repetition(zero, minimum: least, maximum: nil)
        }
        guard bounds.low?.isOpen == true else { return .repetition(Self.digit, minimum: least, maximum: nil) }
        return .sequence([.any(zero), .bytes(0x31...0x39), .any(Self.digit)])
    }
}
