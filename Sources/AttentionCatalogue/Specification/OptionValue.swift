/// One value of a specification's JSON: an option, or a list or table of options.
public enum OptionValue: Sendable, Hashable, Decodable {
    case nothing
    case truth(Bool)
    case number(Double)
    case text(String)
    case list([OptionValue])
    case fields([String: OptionValue])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .nothing
        } else if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([OptionValue].self) {
            self = .list(list)
        } else {
            self = .fields(try container.decode([String: OptionValue].self))
        }
    }
}

extension OptionValue: CustomStringConvertible {
    /// As it stands in JSON.
    public var description: String {
        switch self {
        case .nothing: "null"
        case .truth(let truth): "\(truth)"
        case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
        case .text(let text): "\"\(text)\""
        case .list(let list): "[\(list.map(\.description).joined(separator: ", "))]"
        case .fields(let fields):
            "{\(fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", "))}"
        }
    }
}
