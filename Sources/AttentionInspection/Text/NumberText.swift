import Glibc

extension Double {
    /// The number with at most `count` decimals, rounded half away from zero, without trailing zeros: `0.5`, `12`.
    /// Infinities and NaN become 0, so that documents stay valid.
    package func decimals(_ count: Int) -> String {
        guard isFinite else { return "0" }
        let scale = pow(10, Double(count))
        let rounded = (magnitude * scale).rounded()
        // Beyond 2⁵³ a number has no decimals to round.
        guard rounded < 9_007_199_254_740_992 else { return description }
        let units = Int64(rounded)
        let sign = self < 0 && units > 0 ? "-" : ""
        let (whole, fraction) = units.quotientAndRemainder(dividingBy: Int64(scale))
        guard fraction > 0 else { return "\(sign)\(whole)" }
        let digits = String(fraction)
        let padded = String(repeating: "0", count: count - digits.count) + digits
        return "\(sign)\(whole)." + padded.trimmingSuffix("0")
    }

    /// The number as a result tells it to a person, with at most `count` decimals; what is no number is not made one: `nan`, `inf`.
    package func shown(_ count: Int) -> String { isFinite ? decimals(count) : description }

    /// The number with exactly `count` decimals, for numbers below each other: `0.50`.
    package func fixedDecimals(_ count: Int) -> String {
        let text = decimals(count)
        guard let point = text.firstIndex(of: ".") else { return text + "." + String(repeating: "0", count: count) }
        return text + String(repeating: "0", count: count - text[point...].dropFirst().count)
    }

    /// The number with at most `count` significant digits, as JSON writes it: `0.333333`, `1.5e-07`.
    /// Infinities and NaN become 0.
    package func significantDigits(_ count: Int) -> String {
        guard isFinite, self != 0 else { return "0" }
        let exponent = Int(floor(log10(magnitude))) - count + 1
        // Dividing by an exact power of ten rounds once; its inverse is not exact.
        let units = exponent < 0 ? self * pow(10, Double(-exponent)) : self / pow(10, Double(exponent))
        guard units.isFinite, let rounded = Double("\(Int64(units.rounded()))e\(exponent)") else { return description }
        return rounded.description.trimmingSuffix(".0")
    }
}

extension String {
    /// The text without `suffix` at its end, however often it is repeated there.
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        var text = self[...]
        while text.hasSuffix(suffix) { text = text.dropLast(suffix.count) }
        return String(text)
    }
}
