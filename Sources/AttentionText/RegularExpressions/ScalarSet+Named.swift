extension ScalarSet {
    /// `\s`: the property White_Space.
    static let whiteSpace = ScalarSet([
        0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
        0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
    ])

    /// `\d`: decimal digits.
    static let digits = GeneralCategories.shared.set("Nd") ?? ScalarSet()

    /// `\h` of Oniguruma: hexadecimal digits.
    static let hexadecimalDigits = ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])

    /// `\w` of Oniguruma: what is alphabetic, marks, digits and joining punctuation, and the superscripts of Latin-1.
    static let wordCharacters: ScalarSet = {
        let categories = ["L", "M", "Nd", "Nl", "Pc"].compactMap(GeneralCategories.shared.set).flatMap(\.ranges)
        return ScalarSet(
            categories + [
                0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE, 0x24B6...0x24E9, 0x1F130...0x1F149, 0x1F150...0x1F169,
                0x1F170...0x1F189,
            ])
    }()

    /// The set of `\p{name}`, `nil` if the name is not known here.
    static func property(_ name: String) -> ScalarSet? {
        switch name.lowercased() {
        case "han":
            ScalarSet([
                0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029,
                0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0x16FE2...0x16FE3,
                0x16FF0...0x16FF1, 0x20000...0x2A6DF, 0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1,
                0x2CEB0...0x2EBE0, 0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D, 0x30000...0x3134A, 0x31350...0x323AF,
            ])
        case "space": whiteSpace
        case "digit": digits
        case "word": wordCharacters
        case "any": all
        default: GeneralCategories.shared.set(name)
        }
    }
}
