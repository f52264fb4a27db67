/// A value of a settings file: what JSON knows, without arrays.
enum SettingValue: Codable, Equatable {
    case bool(Bool)
    case number(Double)
    case text(String)
    case group([String: SettingValue])

    init(from decoder: any Decoder) throws {
        if let group = try? decoder.container(keyedBy: SettingName.self) {
            var members: [String: SettingValue] = [:]
            for name in group.allKeys { members[name.stringValue] = try group.decode(SettingValue.self, forKey: name) }
            self = .group(members)
            return
        }
        let single = try decoder.singleValueContainer()
        if let value = try? single.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? single.decode(Double.self) {
            self = .number(value)
        } else {
            self = .text(try single.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        switch self {
        case .bool(let value): try single.encode(value)
        case .number(let value): try single.encode(value)
        case .text(let value): try single.encode(value)
        case .group(let members): try single.encode(members)
        }
    }

    /// A value as it is written after `--set key=`.
    init(argument: String) {
        switch argument {
        case "true": self = .bool(true)
        case "false": self = .bool(false)
        default:
            let number = Double(argument).flatMap { $0.isFinite ? $0 : nil }
            self = number.map(SettingValue.number) ?? .text(argument)
        }
    }
}

/// Any name is a coding key here.
struct SettingName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
