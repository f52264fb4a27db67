/// Reads a pattern, as far as it stays within what an automaton without memory can match.
struct RegularExpressionParser {
    private static let depthLimit = 64

    let scalars: [Unicode.Scalar]
    let dialect: RegularExpressionDialect
    var position = 0
    var ignoresCase = false
    private var depth = 0

    static func parse(
        _ pattern: String, as dialect: RegularExpressionDialect = .oniguruma
    ) throws(RegularExpressionError) -> RegularExpressionTree {
        var parser = RegularExpressionParser(scalars: Array(pattern.unicodeScalars), dialect: dialect)
        let tree = try parser.choice()
        guard parser.current == nil else { throw parser.error("a ')' without a '('") }
        return tree
    }

    private init(scalars: [Unicode.Scalar], dialect: RegularExpressionDialect) {
        (self.scalars, self.dialect) = (scalars, dialect)
    }

    var current: Unicode.Scalar? {
        position < scalars.count ? scalars[position] : nil
    }

    func error(_ reason: String) -> RegularExpressionError {
        RegularExpressionError(position: position, reason: reason)
    }

    mutating func skip(_ text: String) -> Bool {
        guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    // MARK: Structure

    private mutating func choice() throws(RegularExpressionError) -> RegularExpressionTree {
        guard depth < Self.depthLimit else { throw error("more than \(Self.depthLimit) groups in one another") }
        depth += 1
        defer { depth -= 1 }
        var branches = [try sequence()]
        while skip("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(RegularExpressionError) -> RegularExpressionTree {
        var items: [RegularExpressionTree] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            // An option such as (?i) holds for the rest of its group, alternatives included.
            if let option = try standingOption() {
                ignoresCase = option
                items.append(try choice())
            } else {
                items.append(try repeated(try item()))
            }
        }
        return items.count == 1 ? items[0] : .sequence(items)
    }

    private mutating func standingOption() throws(RegularExpressionError) -> Bool? {
        if skip("(?i)") { return true }
        return skip("(?-i)") ? false : nil
    }

    private mutating func item() throws(RegularExpressionError) -> RegularExpressionTree {
        guard let scalar = current else { throw error("the end of the pattern") }
        switch scalar {
        case "(": return try group()
        case "[": return .set(try bracket())
        case ".":
            position += 1
            return .set(dialect.dot)
        case "$":
            position += 1
            return dialect.end
        case "^":
            guard let start = dialect.start else { throw error("the anchor ^") }
            position += 1
            return start
        case "*", "+", "?": throw error("a quantifier without anything before it")
        case "\\":
            if skip("\\z") { return .next(ScalarSet(), allowsEnd: true) }
            return .set(try escape())
        default:
            position += 1
            return .set(folded(ScalarSet(scalar)))
        }
    }

    func folded(_ set: ScalarSet) -> ScalarSet {
        ignoresCase ? set.ignoringCase : set
    }

    // MARK: Groups

    private mutating func group() throws(RegularExpressionError) -> RegularExpressionTree {
        let outer = ignoresCase
        defer { ignoresCase = outer }
        var condition: (isNegative: Bool, start: Int)?
        if skip("(?:") || skipNamedOpening() {
            // Groups of a match are of no use here: all are alike.
        } else if skip("(?i:") {
            ignoresCase = true
        } else if skip("(?-i:") {
            ignoresCase = false
        } else if skip("(?=") || skip("(?!") {
            condition = (scalars[position - 1] == "!", position - 3)
        } else if scalars[position...].starts(with: "(?".unicodeScalars) {
            let construct = scalars[position...].prefix(scalars[position...].starts(with: "(?<".unicodeScalars) ? 4 : 3)
            throw error("the group \(Array(construct).string)")
        } else {
            position += 1
        }
        let content = try choice()
        guard skip(")") else { throw error("a group without its ')'") }
        guard let condition else { return content }
        guard case .set(let set) = content else {
            position = condition.start
            throw error("a look-ahead at more than one character")
        }
        return condition.isNegative ? .next(set.complement, allowsEnd: true) : .next(set, allowsEnd: false)
    }

    /// `(?<name>`
    private mutating func skipNamedOpening() -> Bool {
        guard scalars[position...].starts(with: "(?<".unicodeScalars),
            let end = scalars[position...].firstIndex(of: ">")
        else { return false }
        let name = scalars[(position + 3)..<end]
        guard !name.isEmpty, name.allSatisfy({ $0.properties.isAlphabetic || Character($0).isNumber || $0 == "_" })
        else {
            return false
        }
        position = end + 1
        return true
    }

    // MARK: Quantifiers

    private mutating func repeated(_ item: RegularExpressionTree) throws(RegularExpressionError)
        -> RegularExpressionTree
    {
        var tree = item
        while let quantifier = try quantifier() {
            let isSimple = quantifier.isSimple
            if isSimple, skip("+") {
                guard case .set(let set) = tree else {
                    throw error("a possessive quantifier of more than one character")
                }
                tree = .possessive(set, minimum: quantifier.minimum, isSingle: quantifier.maximum == 1)
            } else {
                tree = .repetition(
                    tree, minimum: quantifier.minimum, maximum: quantifier.maximum, isLazy: skip("?"))
            }
        }
        return tree
    }

    private struct Quantifier {
        let minimum: Int
        let maximum: Int?
        /// One of `*`, `+` and `?`, to which a possessive `+` may be added.
        let isSimple: Bool
    }

    private mutating func quantifier() throws(RegularExpressionError) -> Quantifier? {
        if skip("*") { return Quantifier(minimum: 0, maximum: nil, isSimple: true) }
        if skip("+") { return Quantifier(minimum: 1, maximum: nil, isSimple: true) }
        if skip("?") { return Quantifier(minimum: 0, maximum: 1, isSimple: true) }
        let start = position
        guard skip("{") else { return nil }
        let minimum = number()
        let maximum = skip(",") ? number() : minimum
        guard skip("}"), minimum != nil || maximum != nil else {
            // A brace that is no quantifier stands for itself.
            position = start
            return nil
        }
        guard (maximum ?? 0) <= 1000, (minimum ?? 0) <= 1000, maximum.map({ $0 >= minimum ?? 0 }) ?? true else {
            position = start
            throw error("a repetition out of order or beyond 1000")
        }
        return Quantifier(minimum: minimum ?? 0, maximum: maximum, isSimple: false)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = current.flatMap({ Character($0).wholeNumberValue }), current?.isASCII == true {
            value = min((value ?? 0) * 10 + digit, 1 << 20)
            position += 1
        }
        return value
    }
}
