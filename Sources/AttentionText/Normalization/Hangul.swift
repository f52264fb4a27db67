/// Hangul syllables, composed and decomposed by arithmetic.
///
/// Source: The Unicode Standard, section 3.12, whose names are S (syllable), L, V, T (leading consonant, vowel, trailing).
enum Hangul {
    private static let syllables: UInt32 = 0xAC00
    private static let leading: UInt32 = 0x1100
    private static let vowels: UInt32 = 0x1161
    private static let trailing: UInt32 = 0x11A7
    private static let leadingCount: UInt32 = 19
    private static let vowelCount: UInt32 = 21
    private static let trailingCount: UInt32 = 28
    private static let syllableCount = leadingCount * vowelCount * trailingCount

    static func isSyllable(_ scalar: Unicode.Scalar) -> Bool {
        offset(scalar, syllables, syllableCount) != nil
    }

    /// Passes the two or three parts of a syllable to `append`.
    static func decompose(_ syllable: Unicode.Scalar, _ append: (Unicode.Scalar) -> Void) {
        let index = syllable.value - syllables
        let parts = [
            leading + index / (vowelCount * trailingCount),
            vowels + index % (vowelCount * trailingCount) / trailingCount,
            trailing + index % trailingCount,
        ]
        for part in parts where part != trailing { Unicode.Scalar(part).map(append) }
    }

    /// The syllable that `first` and `second` make, if they are a consonant and a vowel, or a syllable and a consonant.
    static func composition(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if let consonant = offset(first, leading, leadingCount), let vowel = offset(second, vowels, vowelCount) {
            return Unicode.Scalar(syllables + (consonant * vowelCount + vowel) * trailingCount)
        }
        if let syllable = offset(first, syllables, syllableCount), syllable % trailingCount == 0,
            let consonant = offset(second, trailing, trailingCount), consonant > 0
        {
            return Unicode.Scalar(first.value + consonant)
        }
        return nil
    }

    private static func offset(_ scalar: Unicode.Scalar, _ base: UInt32, _ count: UInt32) -> UInt32? {
        scalar.value >= base && scalar.value < base + count ? scalar.value - base : nil
    }
}
