/// Characters as HTML writes them by name or number: `&amp;`, `&#233;`, `&#xE9;`, `&eacute;`.
enum CharacterReference {
    /// What begins at a place, and where it ends; nil if it is none that is known.
    static func read(_ scalars: [Unicode.Scalar], at start: Int) -> (scalar: Unicode.Scalar, end: Int)? {
        let longest = 10
        guard let end = scalars[start...].prefix(longest).firstIndex(of: ";"), end > start + 1 else { return nil }
        let name = Array(scalars[(start + 1)..<end]).string
        guard let scalar = named[name] ?? numbered(name) else { return nil }
        return (scalar, end + 1)
    }

    private static func numbered(_ name: String) -> Unicode.Scalar? {
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let number = digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let number, number > 31 else { return nil }
        return Unicode.Scalar(number)
    }

    private static let named: [String: Unicode.Scalar] = {
        var names: [String: Unicode.Scalar] = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "hellip": "…", "ndash": "–", "mdash": "—",
            "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "sbquo": "‚", "bdquo": "„", "lsaquo": "‹",
            "rsaquo": "›", "euro": "€", "trade": "™", "bull": "•", "oelig": "œ", "OElig": "Œ",
        ]
        for (place, name) in latin.enumerated() { names[name] = Unicode.Scalar(UInt32(160 + place)) }
        return names
    }()

    /// The names of U+00A0 to U+00FF, in order. Source: HTML 4.01, section 24.2.
    private static let latin = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute \
        micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig \
        Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash \
        Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute \
        ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
        uuml yacute thorn yuml
        """.split(separator: " ").map(String.init)
}
