/// Text as a reader sees it, which is how a model should get it.
///
/// Every run of white space, whatever its kind, is one space; there is none at the ends. What nobody sees is left out: soft hyphens,
/// zero-width spaces and joiners, direction marks, byte order marks, control characters. Joiners and variation selectors stay where
/// they do something: inside emoji, and between letters of scripts that need them.
public enum TextCleaner {
    /// The cleaned text; cleaning it again changes nothing.
    /// - Complexity: linear.
    public static func clean(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        guard !isClean(scalars) else { return text }
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        var isSpacePending = false
        for (index, scalar) in scalars.enumerated() {
            if scalar.isSeparating {
                isSpacePending = previous != nil
            } else if scalar.isSeen
                || isNeeded(scalar, after: isSpacePending ? nil : previous, before: scalars[(index + 1)...])
            {
                if isSpacePending { result.append(" ") }
                isSpacePending = false
                result.append(scalar)
                previous = scalar
            }
        }
        return String(result)
    }

    /// Whether nothing has to be done, as nearly always.
    private static func isClean(_ text: [Unicode.Scalar]) -> Bool {
        var wasSpace = true
        for scalar in text {
            if scalar == " " {
                if wasSpace { return false }
                wasSpace = true
            } else if scalar.isSeparating || !scalar.isSeen {
                return false
            } else {
                wasSpace = false
            }
        }
        return text.isEmpty || !wasSpace
    }

    /// Whether an unseen character makes the ones beside it look different.
    private static func isNeeded(
        _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?, before rest: ArraySlice<Unicode.Scalar>
    ) -> Bool {
        guard let previous else { return false }
        switch scalar.value {
        case 0xFE0E, 0xFE0F, 0xE0020...0xE007F: return previous.isPartOfEmoji
        case 0x200C, 0x200D:
            guard let next = rest.first else { return false }
            if scalar.value == 0x200D, previous.isPartOfEmoji, next.properties.isEmoji { return true }
            return previous.value >= 0x0600 && next.value >= 0x0600 && previous.properties.isAlphabetic
        default: return false
        }
    }
}

extension Unicode.Scalar {
    /// Parts words: white space, and the separators among the control characters.
    var isSeparating: Bool { isWhiteSpace || (0x1C...0x1F).contains(value) }

    /// Leaves ink or space on the page.
    fileprivate var isSeen: Bool {
        if isASCII { return value >= 0x20 && value != 0x7F }
        return !properties.isDefaultIgnorableCodePoint && properties.generalCategory != .control
    }

    /// An emoji or what changes one: a digit before a keycap, a skin tone, a selector, a tag, a joiner.
    var isPartOfEmoji: Bool {
        properties.isEmoji || properties.isEmojiModifier || [0xFE0E, 0xFE0F, 0x200D].contains(value)
            || (0xE0020...0xE007F).contains(value)
    }
}
