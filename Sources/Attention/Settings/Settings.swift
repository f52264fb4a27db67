import AttentionFiles

/// Changes to a Codable value by name: from a file of JSON, and from `key=value` assignments.
///
/// Names are those of the properties, nested ones joined by dots (`model.dropout`); a last name alone is enough where it is the only one
/// (`dropout`). Each setting keeps the type of its default. Unknown names are refused with the nearest known one, so that a typing error
/// never trains the wrong model.
public struct Settings<Value: Codable & Sendable> {
    /// The defaults as JSON.
    private let defaults: JSONValue
    private var values: [String: SettingValue]

    /// Starts from this value.
    public init(_ value: Value) throws {
        defaults = try JSONEncoding.document(of: value)
        values = SettingValue.all(of: value)
    }

    /// Applies the settings of a JSON file, which may hold only some of them.
    /// - Throws: `FileError` if it cannot be read, `SettingsError` if it is no JSON object or holds what is no setting.
    public mutating func apply(contentsOf path: String) throws {
        let bytes = try FileContents.read(path)
        let document: JSONValue
        do {
            document = try JSONParser.parse(bytes, duplicates: .refused)
        } catch {
            throw SettingsError.unreadable(path, reason: "\(error)")
        }
        guard case .object(let members) = document else {
            throw SettingsError.unreadable(path, reason: "expected an object of settings, found \(document.summary)")
        }
        try apply(members, prefix: "")
    }

    private mutating func apply(_ members: [JSONMember], prefix: String) throws(SettingsError) {
        for member in members {
            let name = prefix + member.key
            if case .object(let inner) = member.value {
                try apply(inner, prefix: name + ".")
            } else {
                let known = try resolved(name)
                try set(known, found: member.value.settingText) { (setting) throws(SettingValue.Unfit) in
                    try setting.replaced(by: member.value)
                }
            }
        }
    }

    /// Applies one assignment `key=value`.
    public mutating func apply(assignment: String) throws(SettingsError) {
        guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
            throw .notAnAssignment(assignment)
        }
        let argument = String(assignment[assignment.index(after: equals)...])
        let known = try resolved(String(assignment[..<equals]))
        try set(known, found: Double(argument) == nil ? "\"\(argument)\"" : argument) {
            (setting) throws(SettingValue.Unfit) in
            try setting.replaced(by: argument)
        }
    }

    private mutating func set(
        _ name: String, found: String, _ change: (SettingValue) throws(SettingValue.Unfit) -> SettingValue
    ) throws(SettingsError) {
        do {
            values[name] = try values[name].map(change)
        } catch {
            throw .wrongValue(name, expected: error.expected, found: found, nearest: error.nearest)
        }
    }

    /// The value with all changes.
    public func value() throws -> Value {
        try JSONDecoding.decode(from: changed(defaults, prefix: ""))
    }

    private func changed(_ value: JSONValue, prefix: String) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return .object(
            members.map { member in
                let name = prefix + member.key
                return JSONMember(member.key, values[name]?.json ?? changed(member.value, prefix: name + "."))
            })
    }

    private func resolved(_ name: String) throws(SettingsError) -> String {
        if values[name] != nil { return name }
        let candidates = values.keys.filter { $0.hasSuffix("." + name) }.sorted()
        guard let first = candidates.first else {
            throw .unknown(name, nearest: NearestName.of(name, among: values.keys.flatMap { [$0, lastName($0)] }))
        }
        guard candidates.count == 1 else { throw .ambiguous(name, candidates: candidates) }
        return first
    }

    private func lastName(_ name: String) -> String { String(name.split(separator: ".").last ?? "") }
}

extension JSONValue {
    /// As it would stand after `--set key=`.
    fileprivate var settingText: String {
        switch self {
        case .number(let value): value.description
        case .string(let text): "\"\(text)\""
        case .bool, .null, .array, .object, .table: summary
        }
    }
}
