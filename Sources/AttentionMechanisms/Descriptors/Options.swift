import AttentionFiles

/// A table of options, read by name. What may be read, in which range and with which default, is declared by whoever reads it.
public struct Options: Sendable {
    /// Whose options these are: how errors name it.
    package let owner: String
    private let declared: [OptionDescriptor]
    private let fields: [String: OptionValue]

    /// The options of `owner`.
    /// - Throws: `RequestError.unknownOption` for the first that is not declared: it is most likely misspelt.
    package init(
        _ fields: [String: OptionValue], of owner: String, declared: [OptionDescriptor]
    ) throws(RequestError) {
        self.owner = owner
        self.declared = declared
        self.fields = fields.filter { $0.value != .nothing }
        for name in self.fields.keys.sorted() where !declared.contains(where: { $0.name == name }) {
            throw .unknownOption(name, mechanism: owner, nearest: NearestName.of(name, among: declared.map(\.name)))
        }
    }

    private init(_ fields: [String: OptionValue], as other: Options) {
        (owner, declared, self.fields) = (other.owner, other.declared, fields)
    }

    /// The same with one more.
    package func adding(_ value: OptionValue, as name: String) -> Options {
        Options(fields.merging([name: value]) { _, new in new }, as: self)
    }

    /// Whether an option of this name is given.
    package func contains(_ name: String) -> Bool { fields[name] != nil }

    /// The value as it is given, or its default.
    package func value(_ name: String) throws(RequestError) -> OptionValue? { try found(name)?.value }

    /// A number.
    package func number(_ name: String) throws(RequestError) -> Double { try required(name, number(ifGiven: name)) }

    /// A number; nil if there is none and no default.
    package func number(ifGiven name: String) throws(RequestError) -> Double? {
        guard let (option, value) = try found(name) else { return nil }
        guard case .number(let range) = option.kind, case .number(let number) = value else {
            throw unfit(name, "a number", value)
        }
        guard range.contains(number) else { throw unfit(name, "\(range)", value) }
        guard Float(number).isFinite else { throw unfit(name, "a number that float32 holds", value) }
        return number
    }

    /// An integer.
    package func integer(_ name: String) throws(RequestError) -> Int { try required(name, integer(ifGiven: name)) }

    /// An integer; nil if there is none and no default.
    package func integer(ifGiven name: String) throws(RequestError) -> Int? {
        guard let (option, value) = try found(name) else { return nil }
        guard case .integer(let range) = option.kind, case .number(let number) = value,
            let integer = Int(exactly: number)
        else { throw unfit(name, "an integer", value) }
        guard range.contains(integer) else { throw unfit(name, "\(range)", value) }
        guard range == .bits || (-1 << 30...1 << 30).contains(integer) else {
            throw unfit(name, "an integer of −2³⁰ … 2³⁰", value)
        }
        return integer
    }

    /// A truth value; 0 and 1 will do.
    package func truth(_ name: String) throws(RequestError) -> Bool { try required(name, truth(ifGiven: name)) }

    /// A truth value; nil if there is none and no default.
    package func truth(ifGiven name: String) throws(RequestError) -> Bool? {
        guard let (_, value) = try found(name) else { return nil }
        switch value {
        case .truth(let truth): return truth
        case .number(0): return false
        case .number(1): return true
        default: throw unfit(name, "true or false", value)
        }
    }

    /// A text.
    package func text(_ name: String) throws(RequestError) -> String { try required(name, text(ifGiven: name)) }

    /// A text; nil if there is none and no default.
    package func text(ifGiven name: String) throws(RequestError) -> String? {
        guard let (_, value) = try found(name) else { return nil }
        guard case .text(let text) = value else { throw unfit(name, "a text", value) }
        return text
    }

    /// One of the words of `Choice`.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String
    ) throws(RequestError) -> Choice {
        let text = try text(name)
        guard let choice = Choice(rawValue: text) else {
            throw .unknown(kind: "\(name) of \(owner)", name: text, known: Choice.allCases.map(\.rawValue))
        }
        return choice
    }

    /// A list of integers; nil if there is none.
    package func integers(ifGiven name: String) throws(RequestError) -> [Int]? {
        try list(name, "a list of integers") { if case .number(let number) = $0 { Int(exactly: number) } else { nil } }
    }

    /// A list of texts; nil if there is none.
    package func texts(ifGiven name: String) throws(RequestError) -> [String]? {
        try list(name, "a list of texts") { if case .text(let text) = $0 { text } else { nil } }
    }

    /// A table of options; nil if there is none.
    package func table(_ name: String) throws(RequestError) -> Options? {
        guard let (option, value) = try found(name) else { return nil }
        guard case .table(let declared) = option.kind, case .fields(let fields) = value else {
            throw unfit(name, "a table", value)
        }
        return try Options(fields, of: name, declared: declared)
    }

    /// A list of tables of options.
    package func tables(_ name: String) throws(RequestError) -> [Options] {
        guard let (option, value) = try found(name) else { return [] }
        guard case .tables(let declared) = option.kind,
            let tables = list(of: value, { if case .fields(let fields) = $0 { fields } else { nil } })
        else { throw unfit(name, "a list of tables", value) }
        return try tables.map { (fields) throws(RequestError) in
            try Options(fields, of: name, declared: declared)
        }
    }

    /// An error about one of these options.
    package func unfit(_ name: String, _ expected: String, _ value: OptionValue) -> RequestError {
        .unfitOption("\(name) of \(owner)", expected: expected, found: "\(value)")
    }

    /// The value that is given or the default, with what is declared of it.
    private func found(_ name: String) throws(RequestError) -> (option: OptionDescriptor, value: OptionValue)? {
        guard let option = declared.first(where: { $0.name == name }) else {
            throw .unknownOption(name, mechanism: owner, nearest: NearestName.of(name, among: declared.map(\.name)))
        }
        if let value = fields[name] { return (option, value) }
        if case .value(let standard) = option.standard { return (option, standard) }
        return nil
    }

    private func required<Value>(_ name: String, _ value: Value?) throws(RequestError) -> Value {
        guard let value else { throw .missingOption(name, mechanism: owner) }
        return value
    }

    private func list<Element>(
        _ name: String, _ expected: String, _ convert: (OptionValue) -> Element?
    ) throws(RequestError) -> [Element]? {
        guard let (_, value) = try found(name) else { return nil }
        guard let list = list(of: value, convert) else { throw unfit(name, expected, value) }
        return list
    }

    private func list<Element>(of value: OptionValue, _ convert: (OptionValue) -> Element?) -> [Element]? {
        guard case .list(let list) = value else { return nil }
        let elements = list.compactMap(convert)
        return elements.count == list.count ? elements : nil
    }
}
