/// Damages files: bytes, numbers in digits, stretches, and the beginning of one with the end of another. The same seed, the same damage.
struct Mutator {
    private let seeds: [[UInt8]]
    private var generator: SplitMix

    init(seeds: [[UInt8]], seed: UInt64) { (self.seeds, generator) = (seeds, SplitMix(state: seed)) }

    /// What readers stumble over.
    private static let bytes = Array("{}[]\",:\\0123456789-.eE truefalsn/".utf8) + [0, 0x7F, 0x80, 0xC3, 0xED, 0xFF]
    private static let numbers = [
        "0", "-1", "1", "2", "3", "7", "64", "255", "65536", "2147483647", "2147483648", "4294967296", "268435456",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "1e308", "1e999", "-0.0", "0.5", "1e-45",
        "null", "true", "\"x\"", "[]", "{}",
    ].map { Array($0.utf8) }

    /// The next case.
    mutating func next() -> [UInt8] {
        var bytes = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
        for _ in 0..<Int.random(in: 1...5, using: &generator) where !bytes.isEmpty { damage(&bytes) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        // Half of the damage goes to the front, where headers and stages are.
        let limit = Bool.random(using: &generator) ? min(2048, bytes.count) : bytes.count
        let place = Int.random(in: 0..<limit, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 1...64, using: &generator))
        switch Int.random(in: 0..<9, using: &generator) {
        case 0: bytes[place] = Self.bytes.randomElement(using: &generator) ?? 0
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: bytes.insert(Self.bytes.randomElement(using: &generator) ?? 0, at: place)
        case 3: bytes.removeSubrange(place..<end)
        case 4: bytes.insert(contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0..<limit, using: &generator))
        case 5: bytes.removeSubrange(place...)
        case 6:
            let other = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
            bytes.replaceSubrange(place..., with: other.dropFirst(Int.random(in: 0...other.count, using: &generator)))
        default: replaceNumber(&bytes, from: place)
        }
    }

    /// Another number, or another value, in the place of the next one.
    private mutating func replaceNumber(_ bytes: inout [UInt8], from place: Int) {
        func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
        guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: Self.numbers.randomElement(using: &generator) ?? [])
    }
}

/// A small generator with a seed, so that a failure comes back (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
