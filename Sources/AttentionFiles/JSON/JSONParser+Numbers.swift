extension JSONParser {
    /// Reads a number.
    mutating func number() throws(JSONError) -> JSONNumber {
        let start = position
        let isNegative = skip("-")
        var digits = Digits()
        let integerCount = digits.read(from: bytes, at: &position)
        guard integerCount > 0, integerCount == 1 || bytes[position - integerCount] != UInt8(ascii: "0") else {
            throw .malformed(
                byte: start, expected: "a number",
                found: integerCount > 0 ? "one that begins with 0" : "'-' without a digit")
        }
        var decimalCount = 0
        if skip(".") {
            decimalCount = digits.read(from: bytes, at: &position)
            guard decimalCount > 0 else { throw error(expecting: "a digit") }
        } else if current | 0x20 != UInt8(ascii: "e"), let integer = digits.integer(isNegative: isNegative) {
            return integer
        }
        if skip("e") || skip("E") { decimalCount -= try exponent() }
        if let magnitude = digits.scaled(byPowerOfTen: -decimalCount) {
            return .double(isNegative ? -magnitude : magnitude)
        }
        guard let number = Double(String(decoding: bytes[start..<position], as: UTF8.self)), number.isFinite else {
            throw .malformed(byte: start, expected: "a number that a double can hold", found: "a larger one")
        }
        return .double(number)
    }

    /// Beyond any that matters it stays the same.
    private mutating func exponent() throws(JSONError) -> Int {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        var digits = Digits()
        guard digits.read(from: bytes, at: &position) > 0 else { throw error(expecting: "a digit") }
        let exponent = digits.isExact ? Int(min(digits.value, 1 << 20)) : 1 << 20
        return isNegative ? -exponent : exponent
    }
}

/// The digits of a number, read as one integer.
private struct Digits {
    var value: UInt64 = 0
    /// Whether 64 bits were enough.
    var isExact = true

    /// Reads digits up to the first byte that is none; returns how many.
    @inline(__always) mutating func read(from bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> Int {
        let start = position
        while position + 8 <= bytes.count {
            let (digits, count) = Self.digits(in: bytes, at: position)
            append(digits, scale: Self.integerPowers[count])
            position += count
            if count < 8 { return position - start }
        }
        while position < bytes.count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            append(UInt64(digit), scale: 10)
            position += 1
        }
        return position - start
    }

    @inline(__always) private mutating func append(_ digits: UInt64, scale: UInt64) {
        let (shifted, overflow) = value.multipliedReportingOverflow(by: scale)
        let (sum, carry) = shifted.addingReportingOverflow(digits)
        if overflow || carry { isExact = false }
        value = sum
    }

    /// The number that the digits among eight bytes make, up to the first that is none, and how many they are. Neighbours are joined: to numbers
    /// of two, four and eight digits.
    @inline(__always)
    private static func digits(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> (UInt64, count: Int) {
        let text = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: position, as: UInt64.self)
        let values = UInt64(littleEndian: text) ^ 0x3030_3030_3030_3030
        let others = (values | (values &+ 0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0
        let count = others.trailingZeroBitCount / 8
        // Zeros come before fewer than eight.
        let digits = values << UInt64(64 - 8 * count)
        let pairs = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
        return ((fours &* 10000 &+ fours >> 32) & 0xFFFF_FFFF, count)
    }

    /// The integer of these digits. Nil if 64 bits do not hold it, and for -0, which only a double can tell from 0.
    func integer(isNegative: Bool) -> JSONNumber? {
        guard isExact, !(isNegative && value == 0) else { return nil }
        guard isNegative else { return JSONNumber(value) }
        guard value <= Int64.min.magnitude else { return nil }
        return .integer(Int64(truncatingIfNeeded: 0 &- value))
    }

    /// The double nearest to value · 10ᵉ; nil where that takes more than one exactly rounded operation on 64 bits.
    func scaled(byPowerOfTen exponent: Int) -> Double? {
        guard isExact else { return nil }
        if value <= 1 << 53, -22...22 ~= exponent {
            // Both factors are exact, so the one operation rounds rightly (Clinger 1990).
            let power = Self.doublePowers[abs(exponent)]
            return exponent < 0 ? Double(value) / power : Double(value) * power
        }
        guard -19..<0 ~= exponent else { return nil }
        return Self.quotient(value, Self.integerPowers[-exponent])
    }

    /// The double nearest to n / d: 64 bits of the quotient by one wide division, then rounded to 53, to even where two are as near.
    private static func quotient(_ n: UInt64, _ d: UInt64) -> Double {
        let (numerator, divisor) = (n << n.leadingZeroBitCount, d << d.leadingZeroBitCount)
        var exponent = d.leadingZeroBitCount - n.leadingZeroBitCount - 64
        // The high half must stay below the divisor; halved if it does not. So the quotient has its highest bit set.
        let isHalved = numerator >= divisor
        if isHalved { exponent += 1 }
        let (quotient, remainder) = divisor.dividingFullWidth(
            isHalved ? (numerator >> 1, numerator << 63) : (numerator, 0))
        var significand = quotient >> 11
        let (rest, half): (UInt64, UInt64) = (quotient & 0x7FF, 0x400)
        if rest > half || rest == half && (remainder > 0 || significand & 1 == 1) { significand += 1 }
        return Double(significand) * Double(sign: .plus, exponent: exponent + 11, significand: 1)
    }

    private static let integerPowers: [UInt64] = [
        1, 10, 100, 1000, 10000, 100000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]
    private static let doublePowers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]
}
