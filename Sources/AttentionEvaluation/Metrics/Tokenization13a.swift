/// The tokenisation of mteval-v13a: words are what stands between spaces in the result.
///
/// First the part for all languages: a mark for skipped text goes, hyphenated line ends are joined, four entities are
/// decoded. Then the part for Western languages: ASCII punctuation apart, but full stop and comma stay between
/// digits, a hyphen stays unless it follows a digit, and the apostrophe stays always.
enum Tokenization13a {
    static func tokenize(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var line = line
        line.replace("<skipped>", with: "")
        line.replace("-\n", with: "")
        line.replace("\n", with: " ")
        // One after the other, so that "&amp;lt;" becomes "<" and "&amp;quot;" only "&quot;".
        line.replace("&quot;", with: "\"")
        line.replace("&amp;", with: "&")
        line.replace("&lt;", with: "<")
        line.replace("&gt;", with: ">")

        return ([" "] + line + [" "])
            .flatMap { (scalar) -> [Unicode.Scalar] in isAlwaysApart(scalar) ? [" ", scalar, " "] : [scalar] }
            .separatingPairs { isDigit($0) || !isPoint($1) ? nil : [$0, " ", $1, " "] }
            .separatingPairs { !isPoint($0) || isDigit($1) ? nil : [" ", $0, " ", $1] }
            .separatingPairs { isDigit($0) && $1 == "-" ? [$0, " ", $1, " "] : nil }
    }

    private static func isAlwaysApart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "{"..."~", "["..."`", " "..."&", "("..."+", ":"..."@", "/": true
        default: false
        }
    }

    private static func isPoint(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}

/// The tokenisation of mteval-v14: a punctuation mark is apart unless it has a number on both sides or stands beside
/// one at an end of the line; a symbol is apart always.
enum InternationalTokenization {
    static func tokenize(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
        line
            .separatingPairs { isNumber($0) || !isPunctuation($1) ? nil : [$0, " ", $1, " "] }
            .separatingPairs { !isPunctuation($0) || isNumber($1) ? nil : [" ", $0, " ", $1] }
            .flatMap { (scalar) -> [Unicode.Scalar] in isSymbol(scalar) ? [" ", scalar, " "] : [scalar] }
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    private static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: true
        default: false
        }
    }
}
