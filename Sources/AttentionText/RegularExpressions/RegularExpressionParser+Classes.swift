/// Character classes: brackets and escapes.
extension RegularExpressionParser {
    private static let nestingLimit = 16

    /// `[…]`, with ranges, escapes, classes in classes and `&&`.
    mutating func bracket(nesting: Int = 0) throws(RegularExpressionError) -> ScalarSet {
        guard nesting < Self.nestingLimit else { throw error("more than \(Self.nestingLimit) classes in one another") }
        if dialect.nestsClasses, skip("[:") { throw error("a class named in [: and :]") }
        position += 1
        let isNegated = skip("^")
        if !dialect.nestsClasses, current == "]" { throw error("a class of nothing, whose ']' wants a backslash") }
        var set = ScalarSet()
        var intersected: ScalarSet?
        var isFirst = true
        while let scalar = current, scalar != "]" || isFirst {
            isFirst = false
            if dialect.nestsClasses, skip("&&") {
                intersected = intersected.map { $0.intersection(set) } ?? set
                set = ScalarSet()
            } else if dialect.nestsClasses, scalar == "[" {
                set = set.union(try bracket(nesting: nesting + 1))
            } else {
                set = set.union(try member())
            }
        }
        guard skip("]") else { throw error("a class without its ']'") }
        if let intersected { set = intersected.intersection(set) }
        return isNegated ? set.complement : set
    }

    /// A character, a range of them, or an escape that stands for many.
    private mutating func member() throws(RegularExpressionError) -> ScalarSet {
        let lower = try single()
        guard lower.count == 1, let from = lower.ranges.first?.lowerBound, current == "-", position + 1 < scalars.count,
            scalars[position + 1] != "]"
        else { return folded(lower) }
        position += 1
        let upper = try single()
        guard upper.count == 1, let to = upper.ranges.first?.upperBound, from <= to else {
            throw error("a range out of order")
        }
        return folded(ScalarSet([from...to]))
    }

    private mutating func single() throws(RegularExpressionError) -> ScalarSet {
        guard let scalar = current else { throw error("a class without its ']'") }
        if scalar == "\\" { return try escape(isFolding: false) }
        position += 1
        return ScalarSet(scalar)
    }

    /// What a backslash and the characters after it stand for.
    mutating func escape(isFolding: Bool = true) throws(RegularExpressionError) -> ScalarSet {
        let start = position
        position += 1
        guard let scalar = current else { throw error("a backslash at the end") }
        position += 1
        switch scalar {
        case "s": return dialect.whiteSpace
        case "S": return dialect.whiteSpace.complement
        case "d": return dialect.digits
        case "D": return dialect.digits.complement
        case "w": return dialect.wordCharacters
        case "W": return dialect.wordCharacters.complement
        case "p", "P": return try property(isNegated: scalar == "P")
        case "n": return ScalarSet("\n")
        case "r": return ScalarSet("\r")
        case "t": return ScalarSet("\t")
        case "f": return ScalarSet("\u{C}")
        case "v": return ScalarSet("\u{B}")
        case "x", "u":
            let set = ScalarSet(try hexadecimal(digits: scalar == "x" ? 2 : 4))
            return isFolding ? folded(set) : set
        case _ where dialect.escapes[scalar] != nil: return dialect.escapes[scalar] ?? ScalarSet()
        case _ where scalar.properties.isAlphabetic || Character(scalar).isNumber:
            position = start
            throw error("the escape \\\(scalar)")
        default: return isFolding ? folded(ScalarSet(scalar)) : ScalarSet(scalar)
        }
    }

    /// `{name}` or `{^name}`.
    private mutating func property(isNegated: Bool) throws(RegularExpressionError) -> ScalarSet {
        guard skip("{"), let end = scalars[position...].firstIndex(of: "}") else {
            throw error("a property without its name in braces")
        }
        let isInverted = skip("^")
        let name = Array(scalars[position..<end]).string
        guard let set = ScalarSet.property(name) else { throw error("the property \\p{\(name)}") }
        position = end + 1
        return isNegated != isInverted ? set.complement : set
    }

    /// `HH`, `HHHH` or `{H…}`.
    private mutating func hexadecimal(digits: Int) throws(RegularExpressionError) -> Unicode.Scalar {
        let isBraced = skip("{")
        var value: UInt32 = 0
        var count = 0
        while let digit = current.flatMap({ Character($0).hexDigitValue }), count < (isBraced ? 6 : digits) {
            value = value << 4 + UInt32(digit)
            count += 1
            position += 1
        }
        guard count > 0, !isBraced || skip("}"), let scalar = Unicode.Scalar(value) else {
            throw error("an escape that names no character")
        }
        return scalar
    }
}
