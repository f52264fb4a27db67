import AttentionFiles
import AttentionText

/// A setting's value, of the type that its default has.
enum SettingValue: Hashable, Sendable {
    case bool(Bool)
    case integer(Int)
    case number(Double)
    /// A number that is kept in 32 bits.
    case smallNumber(Float)
    case text(String)
    case choice(String, among: [String])

    /// As a person would write it.
    var plain: String {
        switch self {
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): Self.plain(value, "\(value)")
        case .smallNumber(let value): Self.plain(Double(value), "\(value)")
        case .text(let value), .choice(let value, _): value
        }
    }

    private static func plain(_ value: Double, _ text: String) -> String {
        abs(value) < 1e15 ? Int(exactly: value).map(String.init) ?? text : text
    }

    /// As JSON writes it.
    var json: JSONValue {
        switch self {
        case .bool(let value): .bool(value)
        case .integer(let value): .number(JSONNumber(value))
        case .number(let value): .number(JSONNumber(value))
        case .smallNumber(let value): .number(JSONNumber(value))
        case .text(let value), .choice(let value, _): .string(value)
        }
    }
}

extension SettingValue {
    /// A value of the same type as this one, from what stands after `--set key=`.
    /// - Throws: what was expected instead.
    func replaced(by argument: String) throws(Unfit) -> SettingValue {
        switch self {
        case .bool:
            switch argument {
            case "true": return .bool(true)
            case "false": return .bool(false)
            default: throw Unfit(expected: "true or false")
            }
        case .integer, .number, .smallNumber:
            guard let number = Double(argument), number.isFinite else { throw Unfit(expected: numberName) }
            return try replaced(by: number)
        case .text: return .text(argument)
        case .choice(_, let choices):
            guard choices.contains(argument) else {
                throw Unfit(
                    expected: "one of " + choices.joined(separator: ", "),
                    nearest: NearestName.of(argument, among: choices))
            }
            return .choice(argument, among: choices)
        }
    }

    /// A value of the same type as this one, from a file of JSON.
    /// - Throws: what was expected instead.
    func replaced(by json: JSONValue) throws(Unfit) -> SettingValue {
        switch (self, json) {
        case (.bool, .bool(let value)): return .bool(value)
        case (.integer, .number(let number)), (.number, .number(let number)), (.smallNumber, .number(let number)):
            return try replaced(by: number.double)
        case (.text, .string(let text)), (.choice, .string(let text)): return try replaced(by: text)
        case (.bool, _): throw Unfit(expected: "true or false")
        case (.integer, _), (.number, _), (.smallNumber, _): throw Unfit(expected: numberName)
        case (.text, _): throw Unfit(expected: "a text")
        case (.choice(_, let choices), _): throw Unfit(expected: "one of " + choices.joined(separator: ", "))
        }
    }

    private func replaced(by number: Double) throws(Unfit) -> SettingValue {
        guard number.isFinite else { throw Unfit(expected: numberName) }
        switch self {
        case .integer:
            guard number == number.rounded() else { throw Unfit(expected: numberName) }
            guard abs(number) <= Self.integerLimit else {
                throw Unfit(expected: "an integer up to \(Int(Self.integerLimit))")
            }
            return .integer(Int(number))
        case .smallNumber:
            guard Float(number).isFinite else {
                throw Unfit(expected: "a number up to \(Float.greatestFiniteMagnitude)")
            }
            return .smallNumber(Float(number))
        default: return .number(number)
        }
    }

    /// All integers up to here are exact in JSON.
    private static let integerLimit = 0x1p53

    private var numberName: String {
        if case .integer = self { "an integer" } else { "a number" }
    }

    /// A value that does not fit a setting: what would, and which of it may have been meant.
    struct Unfit: Error {
        let expected: String
        var nearest: String?
    }
}

extension SettingValue {
    /// The settings that a value is made of: its stored properties by name, those of nested groups after a dot.
    ///
    /// Truth values, numbers, texts and enumerations with names are settings; properties of other types are none.
    static func all(of value: Any, prefix: String = "") -> [String: SettingValue] {
        Mirror(reflecting: value).children.reduce(into: [:]) { result, property in
            guard let label = property.label else { return }
            let name = prefix.isEmpty ? label : prefix + "." + label
            if let setting = SettingValue(property.value) {
                result[name] = setting
            } else {
                result.merge(all(of: property.value, prefix: name)) { $1 }
            }
        }
    }

    private init?(_ value: Any) {
        switch value {
        case let value as Bool: self = .bool(value)
        case let value as Int: self = .integer(value)
        case let value as Double: self = .number(value)
        case let value as Float: self = .smallNumber(value)
        case let value as String: self = .text(value)
        case let value as any CaseIterable & RawRepresentable: self.init(choice: value)
        default: return nil
        }
    }

    private init<Choice: CaseIterable & RawRepresentable>(choice: Choice) {
        self = .choice("\(choice.rawValue)", among: Choice.allCases.map { "\($0.rawValue)" })
    }
}
