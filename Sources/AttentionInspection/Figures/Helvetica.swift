/// The letters of the standard font, in the encoding that PDF calls WinAnsi (Windows 1252).
///
/// Source: Adobe, *PDF Reference*, appendix D.2; widths: Adobe Core 14 AFM, Helvetica.
enum Helvetica {
    /// The code of a character; nil if the font does not have it.
    static func code(of character: Character) -> Int? {
        guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else {
            return composed(character)
        }
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0xFF: return Int(scalar.value)
        default: return others[scalar.value]
        }
    }

    /// The width of a letter, as a share of the font's size.
    static func width(of code: Int) -> Double {
        let width =
            switch code {
            case 0x20...0x7E: ascii[code - 0x20]
            case 0xC0...0xFF: latin[code - 0xC0]
            case 0x85, 0x89, 0x97, 0x99, 0x8C, 0x9C: 1000
            case 0x91, 0x92, 0x82: 222
            case 0x93, 0x94, 0x84: 333
            default: 556
            }
        return Double(width) / 1000
    }

    /// A letter and its accent, which Unicode may write one after the other.
    private static func composed(_ character: Character) -> Int? {
        (0xC0...0xFF).first { code in
            Unicode.Scalar(UInt32(code)).map { Character($0) == character } ?? false
        }
    }

    private static let others: [UInt32: Int] = [
        0x20AC: 0x80, 0x201A: 0x82, 0x0192: 0x83, 0x201E: 0x84, 0x2026: 0x85, 0x2020: 0x86, 0x2021: 0x87, 0x02C6: 0x88,
        0x2030: 0x89, 0x0160: 0x8A, 0x2039: 0x8B, 0x0152: 0x8C, 0x017D: 0x8E, 0x2018: 0x91, 0x2019: 0x92, 0x201C: 0x93,
        0x201D: 0x94, 0x2022: 0x95, 0x2013: 0x96, 0x2014: 0x97, 0x02DC: 0x98, 0x2122: 0x99, 0x0161: 0x9A, 0x203A: 0x9B,
        0x0153: 0x9C, 0x017E: 0x9E, 0x0178: 0x9F,
        // The space of SentencePiece's vocabularies, and the one that is shown of all, which look like a low line.
        0x2581: 0x5F, 0x2423: 0x5F,
    ]

    private static let ascii = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
        556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667,
        556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556,
        556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722,
        500, 500, 500, 334, 260, 334, 584,
    ]

    private static let latin = [
        667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778,
        778, 584, 778, 722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556,
        278, 278, 278, 278, 556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
    ]
}
