import Glibc

/// Numbers, and what else has signs between it.
extension Renderer {
    func negated(_ value: TemplateValue, line: Int) throws(TemplateError) -> TemplateValue {
        if let integer = value.asInteger, integer != .min { return .integer(-integer) }
        guard case .number(let number) = value else { throw unfit("-", "a number", value, line: line) }
        return .number(-number)
    }

    func arithmetic(
        _ left: TemplateValue, _ symbol: String, _ right: TemplateValue, line: Int
    ) throws(TemplateError) -> TemplateValue {
        if let first = left.asInteger, let second = right.asInteger {
            guard let value = try integers(first, symbol, second, line: line) else {
                throw unfit(symbol, "a result of at most 64 bits", right, line: line)
            }
            return value
        }
        if let first = left.asNumber, let second = right.asNumber {
            return .number(try numbers(first, symbol, second, line: line))
        }
        switch (left, symbol, right) {
        case (.string(let first), "+", .string(let second)): return try made(first + second, line: line)
        case (.list(let first), "+", .list(let second)) where first.isTuple == second.isTuple:
            return try made(first.items + second.items, isTuple: first.isTuple, line: line)
        case (.string(let text), "*", .integer(let count)), (.integer(let count), "*", .string(let text)):
            guard count > 0 else { return .string("") }
            let (size, overflows) = text.utf8.count.multipliedReportingOverflow(by: count)
            try check(overflows ? .max : size, line: line)
            return .string(String(repeating: text, count: text.isEmpty ? 0 : count))
        case (.list(let list), "*", .integer(let count)):
            let (size, overflows) = list.items.count.multipliedReportingOverflow(by: max(0, count))
            try check(overflows ? .max : size, line: line)
            return try made(
                (0..<(list.items.isEmpty ? 0 : max(0, count))).flatMap { _ in list.items }, isTuple: list.isTuple,
                line: line)
        case (.string(let format), "%", _):
            var values = [right]
            if case .list(let list) = right, list.isTuple { values = list.items }
            return try made(try formatted(format, values, line: line), line: line)
        default:
            throw TemplateError(
                line: line,
                .unfit(
                    operation: symbol, expected: "two numbers, two strings or two lists",
                    found: "\(left.summary) and \(right.summary)"))
        }
    }

    /// nil if the result has more than 64 bits.
    private func integers(
        _ first: Int, _ symbol: String, _ second: Int, line: Int
    ) throws(TemplateError) -> TemplateValue? {
        func kept(_ result: (partialValue: Int, overflow: Bool)) -> TemplateValue? {
            result.overflow ? nil : .integer(result.partialValue)
        }
        switch symbol {
        case "+": return kept(first.addingReportingOverflow(second))
        case "-": return kept(first.subtractingReportingOverflow(second))
        case "*": return kept(first.multipliedReportingOverflow(by: second))
        case "**" where second >= 0:
            let power = pow(Double(first), Double(second))
            return abs(power) < 0x1p53 ? .integer(Int(power)) : nil
        case "//", "%":
            guard second != 0 else { throw unfit(symbol, "a divisor that is not 0", .integer(second), line: line) }
            let (quotient, overflows) = first.dividedReportingOverflow(by: second)
            if overflows { return nil }
            let rest = first - quotient * second
            // Python rounds down, and the rest has the sign of the divisor.
            let isOff = rest != 0 && (rest < 0) != (second < 0)
            return .integer(symbol == "//" ? quotient - (isOff ? 1 : 0) : rest + (isOff ? second : 0))
        default: return .number(try numbers(Double(first), symbol, Double(second), line: line))
        }
    }

    private func numbers(_ first: Double, _ symbol: String, _ second: Double, line: Int) throws(TemplateError) -> Double
    {
        switch symbol {
        case "+": return first + second
        case "-": return first - second
        case "*": return first * second
        case "**": return pow(first, second)
        default:
            guard second != 0 else { throw unfit(symbol, "a divisor that is not 0", .number(second), line: line) }
            switch symbol {
            case "/": return first / second
            case "//": return floor(first / second)
            default:
                let rest = fmod(first, second)
                return rest != 0 && (rest < 0) != (second < 0) ? rest + second : rest
            }
        }
    }

    /// `%s`, `%d`, `%r` and `%%` of Python.
    func formatted(_ format: String, _ values: [TemplateValue], line: Int) throws(TemplateError) -> String {
        var (result, rest, isPercent) = ("", values[...], false)
        for scalar in format.unicodeScalars {
            guard isPercent || scalar == "%" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            guard isPercent else {
                isPercent = true
                continue
            }
            isPercent = false
            if scalar == "%" {
                result += "%"
                continue
            }
            guard let value = rest.popFirst() else {
                throw TemplateError(line: line, .unfit(operation: "%", expected: "a value for each %", found: "fewer"))
            }
            switch scalar {
            case "s": result += value.text
            case "r": result += value.representation
            case "d", "i":
                guard let number = value.asNumber, let integer = Int(exactly: number.rounded(.towardZero)) else {
                    throw unfit("%\(scalar)", "a number", value, line: line)
                }
                result += "\(integer)"
            case "f":
                guard let number = value.asNumber else { throw unfit("%f", "a number", value, line: line) }
                result += PythonText.fixed(number, digits: 6)
            default:
                throw TemplateError(
                    line: line, .unfit(operation: "%", expected: "%s, %d, %f or %r", found: "%\(scalar)"))
            }
            try check(result.utf8.count, line: line)
        }
        return result
    }
}
