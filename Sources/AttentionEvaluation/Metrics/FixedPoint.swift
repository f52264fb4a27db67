extension Double {
    /// The number with this many digits after the point, the last one rounded; exact halves go to the even digit.
    ///
    /// Exact, as C's `%.2f` is: the number is scaled as an integer, for scaling it as a `Double` would round twice.
    package func fixedPoint(digits: Int) -> String {
        guard isFinite, magnitude < 1e15, (0...9).contains(digits) else { return description }
        let scale = (0..<digits).reduce(UInt128(1)) { scale, _ in scale * 10 }
        let number = magnitude.scaled(by: scale)
        let sign = sign == .minus ? "-" : ""
        guard digits > 0 else { return "\(sign)\(number)" }
        let fraction = String(number % scale)
        return "\(sign)\(number / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// This number, between 0 and 10¹⁵, times `scale`, rounded to the nearest integer.
    private func scaled(by scale: UInt128) -> UInt128 {
        guard self > 0, exponent > -60 else { return 0 }
        // self = significand / 2^shift, with a significand of 53 bits
        let shift = UInt128(52 - Int(exponent))
        let product = UInt128(significandBitPattern | 1 << 52) * scale
        let quotient = product >> shift
        let (rest, half) = (product - quotient << shift, UInt128(1) << (shift - 1))
        let isUp = rest > half || rest == half && !quotient.isMultiple(of: 2)
        return isUp ? quotient + 1 : quotient
    }
}
