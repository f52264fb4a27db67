/// What those signs of a regular expression mean on which languages of patterns disagree.
struct RegularExpressionDialect: Sendable {
    /// `\d`, `\w`, `\s`, and `.`.
    let (digits, wordCharacters, whiteSpace, dot): (ScalarSet, ScalarSet, ScalarSet, ScalarSet)
    /// `^`; nil where it is refused.
    let start: RegularExpressionTree?
    /// `$`.
    let end: RegularExpressionTree
    /// What may stand behind a backslash besides, with what it stands for.
    let escapes: [Unicode.Scalar: ScalarSet]
    /// Whether `[` opens a class in a class, and `&&` stands between two.
    let nestsClasses: Bool

    /// Oniguruma, as the patterns of tokenizers are written.
    static let oniguruma = RegularExpressionDialect(
        digits: .digits, wordCharacters: .wordCharacters, whiteSpace: .whiteSpace, dot: ScalarSet("\n").complement,
        start: nil, end: .next(ScalarSet("\n"), allowsEnd: true),
        escapes: [
            "h": .hexadecimalDigits, "H": ScalarSet.hexadecimalDigits.complement, "a": ScalarSet("\u{7}"),
            "e": ScalarSet("\u{1B}"),
        ],
        nestsClasses: true)

    /// ECMA-262 with Unicode, as JSON schemas are written: a text begins and ends once, and `\d` and `\w` are of ASCII.
    static let ecmaScript = RegularExpressionDialect(
        digits: ScalarSet([0x30...0x39]),
        wordCharacters: ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]),
        whiteSpace: ScalarSet([0x85...0x85]).complement.intersection(.whiteSpace).union(ScalarSet("\u{FEFF}")),
        dot: ScalarSet("\n", "\r", "\u{2028}", "\u{2029}").complement, start: .set(.beginning),
        end: .next(ScalarSet(), allowsEnd: true), escapes: ["0": ScalarSet("\0")], nestsClasses: false)
}

extension ScalarSet {
    /// No scalar at all: what stands before the first of a text, for `^`.
    static let beginning = ScalarSet([0x11_0000...0x11_0000])
}
