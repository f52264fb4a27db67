/// One value of a golden case's JSON: an option, or a list or table of options.
public enum OptionValue: Sendable, Hashable, Decodable {
    case truth(Bool)
    case number(Double)
    case text(String)
    case list([OptionValue])
    case fields([String: OptionValue])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let truth = try? container.decode(Bool.self) {
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

    /// The field of this name, if this is a table that has it.
    public subscript(name: String) -> OptionValue? {
        if case .fields(let fields) = self { fields[name] } else { nil }
    }

    /// The number, if this is one.
    public var number: Double? { if case .number(let number) = self { number } else { nil } }
    /// The number without its fraction, if this is one.
    public var integer: Int? { number.map { Int($0) } }
    /// The text, if this is one.
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    /// Whether this is the truth value `true`.
    public var isTrue: Bool { self == .truth(true) }
    /// The elements, if this is a list; none otherwise.
    public var list: [OptionValue] { if case .list(let list) = self { list } else { [] } }
    /// The field `kind`, which says what the other fields mean.
    public var kind: String { self["kind"]?.text ?? "" }
    /// The names of the fields, if this is a table.
    public var names: Set<String> { if case .fields(let fields) = self { Set(fields.keys) } else { [] } }
}
