/// The parts of JSON documents, as they are written here: at most one space behind a comma or a colon.
enum JSONTexts {
    static let comma = LanguageTree.sequence([.text(","), .optional(.text(" "))])

    private static let digits = LanguageTree.any(.bytes(0x30...0x39))

    /// `-?(0|[1-9][0-9]*)`
    static let integer = LanguageTree.sequence([
        .optional(.text("-")), .choice([.text("0"), .sequence([.bytes(0x31...0x39), digits])]),
    ])

    static let number = LanguageTree.sequence([
        integer, .optional(.sequence([.text("."), .bytes(0x30...0x39), digits])),
        .optional(
            .sequence([
                .choice([.text("e"), .text("E")]), .optional(.choice([.text("+"), .text("-")])), .bytes(0x30...0x39),
                digits,
            ])),
    ])

    /// One character of a string, as it is or escaped; those beyond U+FFFF only as they are.
    static let character: LanguageTree = {
        let plain = ScalarSet([0...0x1F, 0x22...0x22, 0x5C...0x5C]).complement
        let hexadecimal = LanguageTree.choice([.bytes(0x30...0x39), .bytes(0x41...0x46), .bytes(0x61...0x66)])
        let (d, beforeD, behindD) = ([UInt8]("dD".utf8), 0x30...0x39 as ClosedRange<UInt8>, "eEfF")
        let first = LanguageTree.choice(
            [.bytes(beforeD), .bytes(0x41...0x43), .bytes(0x61...0x63)] + behindD.map { .text(String($0)) })
        let surrogateFree = LanguageTree.choice([
            .sequence([first, hexadecimal, hexadecimal, hexadecimal]),
            .sequence([.choice(d.map { .bytes($0...$0) }), .bytes(0x30...0x37), hexadecimal, hexadecimal]),
        ])
        return .choice([
            .scalars(plain), .sequence([.text("\\"), .choice("\"\\/bfnrt".map { .text(String($0)) })]),
            .sequence([.text("\\u"), surrogateFree]),
        ])
    }()

    static func quoted(_ content: LanguageTree) -> LanguageTree { .sequence([.text("\""), content, .text("\"")]) }

    static let string = quoted(.any(character))

    static func member(_ name: LanguageTree, _ value: LanguageTree) -> LanguageTree {
        .sequence([name, .text(":"), .optional(.text(" ")), value])
    }

    /// So many items with commas between them, in brackets.
    static func list(
        _ item: LanguageTree, least: Int, most: Int?, _ open: String, _ close: String
    ) -> LanguageTree {
        if most == 0 { return .text(open + close) }
        let rest = LanguageTree.repetition(
            .sequence([comma, item]), minimum: max(0, least - 1), maximum: most.map { $0 - 1 })
        let items = LanguageTree.sequence([item, rest])
        return .sequence([.text(open), least == 0 ? .optional(items) : items, .text(close)])
    }
}
