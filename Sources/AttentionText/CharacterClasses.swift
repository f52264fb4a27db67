/// The classes of characters by which stages cut and filter, each from the version of Unicode that the reference takes
/// for it; a later character is as if it were not assigned.
extension Unicode.Scalar {
    /// The property White_Space, which does not change.
    var isWhiteSpace: Bool {
        isASCII ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace
    }

    /// General category N.
    var isNumber: Bool {
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    /// A Chinese character as BERT draws the line: the blocks of CJK ideographs, without kana and hangul.
    var isChinese: Bool {
        switch value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    /// Whether this version of Unicode, or one before, knows the character.
    func isAssigned(byUnicode major: Int) -> Bool {
        isASCII || properties.age.map { $0.major <= major } ?? false
    }

    // MARK: Unicode 16, of regular expressions

    /// General category L.
    var isLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            isAssigned(byUnicode: 16)
        default: false
        }
    }

    /// `\w` of regular expressions (Unicode Technical Standard #18, annex C).
    var isWordCharacter: Bool {
        let isWord =
            switch properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
            default: properties.isAlphabetic || properties.isJoinControl
            }
        return isWord && isAssigned(byUnicode: 16)
    }

    // MARK: Unicode 9, of normalization

    /// General category M.
    var isMark: Bool {
        switch self {
        case "\u{1CF2}", "\u{1CF3}": return true
        case "\u{111C9}": return false
        default: break
        }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return isAssigned(byUnicode: 9)
        default: return false
        }
    }

    // MARK: Unicode 8, of BERT's stages

    /// General category P, or one of the ASCII symbols.
    var isPunctuation: Bool {
        switch categoryInUnicode8 {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        case .mathSymbol, .currencySymbol, .modifierSymbol: isASCII
        default: false
        }
    }

    /// General category Mn.
    var isNonspacingMark: Bool {
        categoryInUnicode8 == .nonspacingMark
    }

    /// General category C, but for what is not assigned.
    var isControlOrFormat: Bool {
        switch categoryInUnicode8 {
        case .control, .format, .privateUse, .surrogate: true
        default: false
        }
    }

    private var categoryInUnicode8: Unicode.GeneralCategory {
        if isASCII { return properties.generalCategory }
        switch self {
        case "\u{166D}", "\u{111C9}": return .otherPunctuation
        case "\u{1734}", "\u{1171E}": return .nonspacingMark
        case "\u{1885}", "\u{1886}": return .otherLetter
        case "\u{A9BD}": return .spacingMark
        default: return isAssigned(byUnicode: 8) ? properties.generalCategory : .unassigned
        }
    }
}

extension [Unicode.Scalar] {
    var string: String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: self)
        return String(scalars)
    }
}
