import AttentionFiles

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

    /// Characters of a set in a string, each in the shortest of its forms, so that a string is written in one way.
    static func characters(_ set: ScalarSet) -> LanguageTree {
        let controls = set.intersection(ScalarSet([0...0x1F]))
        var branches = [
            LanguageTree.scalars(set.intersection(ScalarSet([0...0x1F, 0x22...0x22, 0x5C...0x5C]).complement))
        ]
        var short = ScalarSet()
        for (scalar, letter) in [
            ("\"", "\""), ("\\", "\\"), ("\u{8}", "b"), ("\u{C}", "f"), ("\n", "n"), ("\r", "r"), ("\t", "t"),
        ]
            as [(Unicode.Scalar, String)] where set.contains(scalar.value)
        {
            branches.append(.text("\\" + letter))
            short = short.union(ScalarSet(scalar))
        }
        let long = controls.intersection(short.complement)
        for high in 0...1 as ClosedRange<UInt32> {
            let digits = (0..<16).filter { long.contains(high << 4 | $0) } as [UInt32]
            guard !digits.isEmpty else { continue }
            let last = digits.map { LanguageTree.text(String($0, radix: 16)) }
            branches.append(.sequence([.text("\\u00\(high)"), .choice(last)]))
        }
        return .choice(branches)
    }

    /// A string that is none of these.
    static func name(except names: [String]) -> LanguageTree {
        names.isEmpty ? string : .sequence([.text("\""), rest(except: names.map { Array($0.unicodeScalars)[...] })])
    }

    /// The rest of a string that is none of these, with its closing quote.
    private static func rest(except names: [ArraySlice<Unicode.Scalar>]) -> LanguageTree {
        let groups = Dictionary(grouping: names.filter { !$0.isEmpty }) { $0[$0.startIndex] }
        let others = ScalarSet(groups.keys.map { $0.value...$0.value }).complement
        var branches: [LanguageTree] = names.contains { $0.isEmpty } ? [] : [.text("\"")]
        branches.append(.sequence([characters(others), .any(characters(.all)), .text("\"")]))
        for (scalar, longer) in groups.sorted(by: { $0.key < $1.key }) {
            branches.append(.sequence([characters(ScalarSet(scalar)), rest(except: longer.map { $0.dropFirst() })]))
        }
        return .choice(branches)
    }

    /// A value as it is written.
    static func value(_ value: JSONValue) -> LanguageTree {
        switch value.withoutTables {
        case .array(let items):
            .sequence([.text("["), separated(items.map(Self.value)), .text("]")])
        case .object(let members):
            .sequence([
                .text("{"), separated(members.map { member(Self.value(.string($0.key)), Self.value($0.value)) }),
                .text("}"),
            ])
        case let plain: .text(String(decoding: JSONWriter.write(plain, as: .compact), as: UTF8.self))
        }
    }

    private static func separated(_ parts: [LanguageTree]) -> LanguageTree {
        .sequence(parts.enumerated().map { $0.offset == 0 ? $0.element : .sequence([comma, $0.element]) })
    }
}
