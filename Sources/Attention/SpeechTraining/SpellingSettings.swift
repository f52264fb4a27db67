public import AttentionModels
import AttentionText

/// How texts are spelt that a model learns to write. Letters with marks become one character where Unicode has one (NFC), any white space one space; what is
/// not kept is left out.
public struct SpellingSettings: Codable, Sendable, Hashable {
    /// Which case letters have.
    public enum Casing: String, Codable, Sendable, Hashable, CaseIterable {
        /// All of them small.
        case lower
        /// All of them capital.
        case upper
        /// As they stand.
        case kept
    }

    /// Which case letters have.
    public var casing = Casing.lower
    /// The characters that are kept, spelt so; empty for letters, marks, digits and apostrophes.
    public var characters = ""

    /// The defaults.
    public init() {}

    /// Throws what is wrong with these settings, if anything is.
    public func validate() throws(ConfigurationError) {
        guard !characters.unicodeScalars.contains("|") else {
            throw ConfigurationError(
                "texts.characters", expected: "without |, which stands between words in a vocabulary", found: characters
            )
        }
    }

    /// A text spelt so, and how many of its characters are left out.
    func spell(_ text: String) -> (text: String, omittedCount: Int) {
        let cased =
            switch casing {
            case .lower: text.lowercased()
            case .upper: text.uppercased()
            case .kept: text
            }
        let chosen = Set(composed(characters))
        var (spelt, omittedCount) = (String.UnicodeScalarView(), 0)
        for scalar in composed(cased) {
            if scalar.properties.isWhitespace {
                if let last = spelt.last, last != " " { spelt.append(" ") }
            } else if chosen.isEmpty ? scalar.isSpoken : chosen.contains(scalar) {
                spelt.append(scalar)
            } else {
                omittedCount += 1
            }
        }
        if spelt.last == " " { spelt.removeLast() }
        return (String(spelt), omittedCount)
    }

    /// The scalars of a text in Normalization Form C.
    private func composed(_ text: String) -> [Unicode.Scalar] { NFC().normalize(AlignedText(text)).map(\.scalar) }
}

extension Unicode.Scalar {
    /// Whether it stands for something that is said.
    fileprivate var isSpoken: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber:
            true
        default: self == "'" || self == "’"
        }
    }
}
