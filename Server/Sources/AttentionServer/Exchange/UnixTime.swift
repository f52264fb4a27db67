internal import Glibc

/// What answers are marked with.
enum UnixTime {
    /// Seconds since 1970.
    static var now: Int { time(nil) }

    /// A name that no other answer has.
    static var randomID: String {
        let number = UInt64.random(in: 0 ... .max)
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
