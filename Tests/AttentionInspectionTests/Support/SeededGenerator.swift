import AttentionInspection

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Rows that sum to 1.
    mutating func attention(_ targetCount: Int, _ sourceCount: Int) -> [[Float]] {
        (0..<targetCount).map { _ in
            let weights = (0..<sourceCount).map { _ in Float.random(in: 0.01...1, using: &self) }
            return weights.map { $0 / weights.reduce(0, +) }
        }
    }

    mutating func map(layers: Int, heads: Int, source: [String], target: [String]) throws -> AlignmentMap {
        let weights = (0..<layers).map { _ in (0..<heads).map { _ in attention(target.count, source.count) } }
        return try AlignmentMap(name: "random", source: source, target: target, weights: weights)
    }

    /// A word of scalars from all of Unicode, with a liking for those that mean something to a terminal or to markup.
    mutating func hostileWord() -> String {
        let dangerous: [Unicode.Scalar] = [
            "<", ">", "&", "\"", "'", "\\", "\u{0}", "\u{1B}", "\n", "\r", "\t", "\u{7F}", "\u{9B}", "\u{200D}",
            "\u{FE0F}", "\u{2028}", "\u{2029}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{FFFE}", "\u{FFFF}", "א", "ب",
            "\u{301}", "日", "👩", "🇫", "]", "-", "!",
        ]
        var word = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...9, using: &self) {
            if Bool.random(using: &self), let scalar = dangerous.randomElement(using: &self) {
                word.append(scalar)
            } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self)) {
                word.append(scalar)
            }
        }
        return String(word)
    }
}
