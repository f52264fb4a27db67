/// The value of an option: one, or a list or table of them.
public enum OptionValue: Sendable, Hashable {
    case nothing
    case truth(Bool)
    case number(Double)
    case text(String)
    case list([OptionValue])
    case fields([String: OptionValue])
}

extension OptionValue: CustomStringConvertible {
    /// As specifications write it.
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
