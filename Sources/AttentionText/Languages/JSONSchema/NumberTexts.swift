/// The numbers that fit conditions, as they are written: without an exponent, and 0 without a sign.
struct NumberTexts {
    let conditions: NumberConditions
    private let firstRule: Int
    /// What is referred to in `integers` and `numbers`, from `firstRule` on.
    private(set) var rules: [LanguageTree] = []
    private var digitRules: [DigitCount: Int] = [:]

    /// So many digits (or at least so many) behind a number that leaves this rest.
    private struct DigitCount: Hashable {
        let count: Int
        let isLeast: Bool
        let rest: Int
    }

    init(_ conditions: NumberConditions, firstRule: Int) { (self.conditions, self.firstRule) = (conditions, firstRule) }

    static let digit = LanguageTree.bytes(0x30...0x39)

    /// The integers that fit.
    var integers: LanguageTree {
        mutating get {
            let (least, greatest) = conditions.integers
            guard least != nil || greatest != nil || conditions.divisor > 1 else { return JSONTexts.integer }
            let positive = integers(from: max(0, least ?? 0), to: greatest)
            let negative = integers(from: max(1, -(greatest ?? -1)), to: least.map { -$0 })
            return .choice([positive, .sequence([.text("-"), negative])])
        }
    }

    /// The integers from one on to another, if there is one, that are multiples.
    mutating func integers(from least: Int, to greatest: Int?) -> LanguageTree {
        guard least <= greatest ?? .max else { return .choice([]) }
        var branches: [LanguageTree] = least == 0 ? [.text("0")] : []
        let low = max(1, least)
        let length = String(low).count
        for count in length...max(length, greatest.map { String($0).count } ?? length) where low <= greatest ?? .max {
            let (first, last) = (Self.power(count - 1), Self.power(count) - 1)
            branches.append(
                digits(
                    Self.digits(max(low, first)), Self.digits(min(greatest ?? .max, last)), rest: 0, isAboveLow: false,
                    isBelowHigh: false))
        }
        if greatest == nil {
            branches.append(
                .choice(
                    (1...9).map { digit in
                        .sequence([
                            .text("\(digit)"),
                            digits(DigitCount(count: length, isLeast: true, rest: digit % conditions.divisor)),
                        ])
                    }))
        }
        return .choice(branches)
    }

    private static func power(_ exponent: Int) -> Int { (0..<exponent).reduce(1) { power, _ in 10 * power } }

    private static func digits(_ number: Int) -> ArraySlice<Int> { String(number).compactMap(\.wholeNumberValue)[...] }

    /// The digits of the numbers from one on to another of the same length, behind digits that are those of both as far as they are not above
    /// and below.
    private mutating func digits(
        _ low: ArraySlice<Int>, _ high: ArraySlice<Int>, rest: Int, isAboveLow: Bool, isBelowHigh: Bool
    ) -> LanguageTree {
        guard let lowest = low.first, let highest = high.first else { return rest == 0 ? .empty : .choice([]) }
        if isAboveLow, isBelowHigh { return digits(DigitCount(count: low.count, isLeast: false, rest: rest)) }
        var branches: [LanguageTree] = []
        let (from, to) = (isAboveLow ? 0 : lowest, isBelowHigh ? 9 : highest)
        var digit = from
        while digit <= to {
            let (above, below) = (isAboveLow || digit > lowest, isBelowHigh || digit < highest)
            // Digits between both bounds are alike, if nothing is to be divided.
            let last = above && below && conditions.divisor == 1 ? (isBelowHigh ? to : to - 1) : digit
            branches.append(
                .sequence([
                    .bytes(UInt8(0x30 + digit)...UInt8(0x30 + last)),
                    digits(
                        low.dropFirst(), high.dropFirst(), rest: (10 * rest + digit) % conditions.divisor,
                        isAboveLow: above, isBelowHigh: below),
                ]))
            digit = last + 1
        }
        return .choice(branches)
    }

    private mutating func digits(_ wanted: DigitCount) -> LanguageTree {
        if conditions.divisor == 1 {
            return .repetition(Self.digit, minimum: wanted.count, maximum: wanted.isLeast ? nil : wanted.count)
        }
        if wanted.count == 0, !wanted.isLeast { return wanted.rest == 0 ? .empty : .choice([]) }
        if let number = digitRules[wanted] { return .rule(firstRule + number) }
        guard wanted.count > 0 else {
            // All rests lead to one another.
            let first = rules.count
            for rest in 0..<conditions.divisor {
                digitRules[DigitCount(count: 0, isLeast: true, rest: rest)] = first + rest
                rules.append(
                    following(rest, or: rest == 0 ? [.empty] : []) { .rule(firstRule + first + $0) })
            }
            return digits(wanted)
        }
        let number = rules.count
        digitRules[wanted] = number
        rules.append(.empty)
        var parts: [Int: LanguageTree] = [:]
        for digit in 0...9 {
            let rest = (10 * wanted.rest + digit) % conditions.divisor
            parts[rest] = digits(DigitCount(count: wanted.count - 1, isLeast: wanted.isLeast, rest: rest))
        }
        rules[number] = following(wanted.rest, or: []) { parts[$0] ?? .choice([]) }
        return .rule(firstRule + number)
    }

    /// One digit, and what follows the rest that it leads to.
    private func following(
        _ rest: Int, or others: [LanguageTree], _ tree: (Int) -> LanguageTree
    ) -> LanguageTree {
        .choice(
            others
                + (0...9).map { .sequence([.text("\($0)"), tree((10 * rest + $0) % conditions.divisor)]) })
    }
}
