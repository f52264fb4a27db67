import AttentionFiles

/// Between which numbers a number lies, and of what it is a multiple.
struct NumberConditions {
    struct Bound {
        let number: JSONNumber
        /// Whether the number itself is left out.
        let isOpen: Bool
    }

    private(set) var lower: Bound?
    private(set) var upper: Bound?
    /// A whole number, 1 for no condition.
    private(set) var divisor = 1

    mutating func add(_ schema: JSONSchemaWords) throws(TextLanguageError) {
        for (word, isOpen) in [("minimum", false), ("exclusiveMinimum", true)] {
            guard let number = try schema.number(word) else { continue }
            lower = Self.inner(lower, Bound(number: number, isOpen: isOpen)) { $0 > $1 }
        }
        for (word, isOpen) in [("maximum", false), ("exclusiveMaximum", true)] {
            guard let number = try schema.number(word) else { continue }
            upper = Self.inner(upper, Bound(number: number, isOpen: isOpen)) { $0 < $1 }
        }
        if let other = try schema.divisor("multipleOf") {
            var (a, b) = (divisor, other)
            while b != 0 { (a, b) = (b, a % b) }
            divisor = divisor / a * other
            guard divisor <= JSONSchemaWords.countLimit else {
                throw .unfit(
                    "multipleOf", at: schema.part.place,
                    expected:
                        "a common multiple of at most \(JSONSchemaWords.countLimit) with those that hold together with it",
                    found: "\(divisor)")
            }
        }
    }

    private static func inner(_ first: Bound?, _ second: Bound, _ isInner: (Double, Double) -> Bool) -> Bound {
        guard let first else { return second }
        if first.number == second.number { return first.isOpen ? first : second }
        return isInner(first.number.double, second.number.double) ? first : second
    }

    /// Whether a number fits.
    func admit(_ number: JSONNumber) -> Bool {
        func fits(_ bound: Bound?, _ isInside: (Double, Double) -> Bool) -> Bool {
            bound.map { $0.number == number ? !$0.isOpen : isInside(number.double, $0.number.double) } ?? true
        }
        let isMultiple = number.exactly(Int.self).map { $0 % divisor == 0 } ?? (divisor == 1)
        return isMultiple && fits(lower) { $0 > $1 } && fits(upper) { $0 < $1 }
    }

    /// The least and the greatest integer that fit; nil where there is none.
    var integers: (least: Int?, greatest: Int?) {
        (
            lower.map { bound in
                if let exact = bound.number.exactly(Int.self) { return bound.isOpen ? exact + 1 : exact }
                return Int(bound.number.double.rounded(.up))
            },
            upper.map { bound in
                if let exact = bound.number.exactly(Int.self) { return bound.isOpen ? exact - 1 : exact }
                return Int(bound.number.double.rounded(.down))
            }
        )
    }
}
