extension StringProtocol {
    /// The number of terminal columns the text takes: 2 for East Asian wide characters and emoji, 0 for marks that
    /// combine with what stands before them, 1 for all else.
    ///
    /// - Source: Unicode Standard Annex 11, *East Asian Width*; Unicode Technical Standard 51, *Emoji*.
    package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// The text, shortened to at most `width` columns with `ellipsis` in place of what is missing.
    package func fitted(to width: Int, ellipsis: String) -> String {
        guard displayWidth > width else { return String(self) }
        var columns = ellipsis.displayWidth
        let kept = prefix { character in
            columns += character.displayWidth
            return columns <= width
        }
        return width >= ellipsis.displayWidth ? kept + ellipsis : ""
    }
}

extension Character {
    /// The number of terminal columns the character takes, from 0 up; most terminals draw an emoji sequence in 2.
    var displayWidth: Int {
        unicodeScalars.contains(where: \.makesEmoji)
            ? 2 : unicodeScalars.reduce(0) { $0 + $1.displayWidth }
    }
}

extension Unicode.Scalar {
    /// Drawn as a picture by itself, or turning what stands before it into one (variation selector 16).
    fileprivate var makesEmoji: Bool { value == 0xFE0F || (value > 0xFF && properties.isEmojiPresentation) }

    fileprivate var displayWidth: Int {
        if value < 0x300 { return value == 0xAD ? 0 : 1 }
        if wideRanges.contains(where: { $0.contains(value) }) { return 2 }
        // Vowels and final consonants of Hangul join the syllable's first letter.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }
}

/// East Asian wide and fullwidth characters, beside emoji; the gaps are combining marks and halfwidth forms.
private let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F,  // Hangul initial consonants
    0x2329...0x232A,  // angle brackets
    0x2630...0x2637, 0x268A...0x268F, 0x4DC0...0x4DFF,  // trigrams, digrams, hexagrams
    0x2E80...0x3029, 0x302E...0x303E,  // radicals, CJK punctuation
    0x3041...0x3098, 0x309B...0x4DBF,  // kana, bopomofo, compatibility, ideographs
    0x4E00...0xA4CF,  // ideographs, Yi
    0xA960...0xA97F, 0xAC00...0xD7A3,  // Hangul
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B,  // compatibility forms
    0xFF01...0xFF60, 0xFFE0...0xFFE6,  // fullwidth forms
    0x16FE0...0x16FE3, 0x16FF0...0x18DFF,  // Tangut, Khitan
    0x1AFF0...0x1B2FF,  // kana extensions, Nüshu
    0x1D300...0x1D376,  // Tai Xuan Jing symbols, counting rods
    0x1F200...0x1F265,  // enclosed ideographs
    0x20000...0x2FFFD, 0x30000...0x3FFFD,  // ideographs
]
