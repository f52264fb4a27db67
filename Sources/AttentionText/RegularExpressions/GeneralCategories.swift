/// The general categories of Unicode 16, as sets of scalars.
struct GeneralCategories: Sendable {
    static let shared = GeneralCategories()

    /// The short names of the categories, in the order of `GeneralCategoryRuns.letters`.
    static let names = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]

    private var ranges: [[ClosedRange<UInt32>]] = Array(repeating: [], count: names.count)

    private init() {
        let letters = Array(GeneralCategoryRuns.letters.description.utf8)
        var (next, length): (UInt32, UInt32) = (0, 0)
        for byte in GeneralCategoryRuns.runs.description.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): length = length << 4 + UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): length = length << 4 + UInt32(byte - UInt8(ascii: "a") + 10)
            default:
                let end = next + max(1, length)
                if let category = letters.firstIndex(of: byte) { ranges[category].append(next...end - 1) }
                (next, length) = (end, 0)
            }
        }
    }

    /// The scalars of a category (`Lu`), a group of them (`L`, `LC`), or one by its long name (`Letter`); `nil` if the
    /// name is of none.
    func set(_ name: String) -> ScalarSet? {
        let short = Self.longNames[name.lowercased().filter { $0 != "_" && $0 != " " }] ?? name
        if short == "LC" || short == "L&" { return union { ["Lu", "Ll", "Lt"].contains($0) } }
        guard short.count == 1 && "LMNPSZC".contains(short) || Self.names.contains(short) else { return nil }
        return union { $0.hasPrefix(short) }
    }

    private func union(_ isIncluded: (String) -> Bool) -> ScalarSet {
        ScalarSet(zip(Self.names, ranges).filter { isIncluded($0.0) }.flatMap(\.1))
    }

    private static let longNames = [
        "letter": "L", "mark": "M", "number": "N", "punctuation": "P", "symbol": "S", "separator": "Z", "other": "C",
        "uppercaseletter": "Lu", "lowercaseletter": "Ll", "titlecaseletter": "Lt", "modifierletter": "Lm",
        "otherletter": "Lo", "nonspacingmark": "Mn", "spacingmark": "Mc", "enclosingmark": "Me",
        "decimalnumber": "Nd", "letternumber": "Nl", "othernumber": "No",
    ]
}
