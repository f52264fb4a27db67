import AttentionTensors
import FoundationEssentials

/// Changes to a Codable value by name: from a file of JSON, and from `key=value` assignments.
///
/// Names are those of the properties, nested ones joined by dots (`model.dropout`); a last name alone is enough where it is the only one
/// (`dropout`). Unknown names are refused with the nearest known one, so that a typing error never trains the wrong model.
public struct Settings<Value: Codable & Sendable> {
    private var values: [String: SettingValue]
    /// The settings that were changed, in order.
    private var changed: [String] = []

    /// Starts from this value.
    public init(_ value: Value) throws {
        values = Self.flattened(try JSONDecoder().decode(SettingValue.self, from: try JSONEncoder().encode(value)))
    }

    /// Applies the settings of a JSON file, which may hold only some of them.
    public mutating func apply(contentsOf path: String) throws {
        let bytes = try FileContents.read(path)
        let changes: SettingValue
        do {
            changes = try JSONDecoder().decode(SettingValue.self, from: Data(bytes))
        } catch {
            throw SettingsError.unreadable(path, reason: "it is not a JSON object of numbers, texts and truth values")
        }
        for (name, value) in Self.flattened(changes).sorted(by: { $0.key < $1.key }) { try set(name, value) }
    }

    /// Applies one assignment `key=value`.
    public mutating func apply(assignment: String) throws {
        guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
            throw SettingsError.notAnAssignment(assignment)
        }
        try set(
            String(assignment[..<equals]),
            SettingValue(argument: String(assignment[assignment.index(after: equals)...])))
    }

    /// The value with all changes.
    public func value() throws -> Value {
        let bytes = try JSONEncoder().encode(Self.nested(values))
        do {
            return try JSONDecoder().decode(Value.self, from: bytes)
        } catch Swift.DecodingError.typeMismatch(_, let context), Swift.DecodingError.dataCorrupted(let context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            let name = changed.last { path.isEmpty || $0 == path } ?? path
            throw SettingsError.wrongValue(
                name, expected: "a value it can have, such as those of --settings",
                found: values[name].map { "\"\($0.plain)\"" } ?? "another")
        }
    }

    private mutating func set(_ name: String, _ value: SettingValue) throws(SettingsError) {
        let known = try resolved(name)
        changed.append(known)
        switch (values[known], value) {
        case (.bool, .bool), (.number, .number), (.text, .text): values[known] = value
        case (.text, let other): values[known] = .text("\(other.plain)")
        case (.bool, _): throw .wrongValue(known, expected: "true or false", found: "\(value.plain)")
        default: throw .wrongValue(known, expected: "a number", found: "\"\(value.plain)\"")
        }
    }

    private func resolved(_ name: String) throws(SettingsError) -> String {
        if values[name] != nil { return name }
        let candidates = values.keys.filter { $0.hasSuffix("." + name) }.sorted()
        guard let first = candidates.first else {
            throw .unknown(name, nearest: nearest(to: name, among: values.keys.flatMap { [$0, lastName($0)] }))
        }
        guard candidates.count == 1 else { throw .ambiguous(name, candidates: candidates) }
        return first
    }

    private func lastName(_ name: String) -> String { String(name.split(separator: ".").last ?? "") }

    private static func flattened(_ value: SettingValue, prefix: String = "") -> [String: SettingValue] {
        guard case .group(let members) = value else { return [prefix: value] }
        return members.reduce(into: [:]) { result, member in
            let path = prefix.isEmpty ? member.key : prefix + "." + member.key
            result.merge(flattened(member.value, prefix: path)) { $1 }
        }
    }

    private static func nested(_ values: [String: SettingValue]) -> SettingValue {
        var groups: [String: [String: SettingValue]] = [:]
        var result: [String: SettingValue] = [:]
        for (name, value) in values {
            guard let dot = name.firstIndex(of: ".") else {
                result[name] = value
                continue
            }
            groups[String(name[..<dot]), default: [:]][String(name[name.index(after: dot)...])] = value
        }
        for (name, members) in groups { result[name] = nested(members) }
        return .group(result)
    }
}

extension SettingValue {
    /// As a person would write it.
    var plain: String {
        switch self {
        case .bool(let value): "\(value)"
        case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
        case .text(let value): value
        case .group: "a group of settings"
        }
    }
}

/// The candidate that takes the fewest edits to reach (Levenshtein 1966), if that is at most a third of its letters and two more.
func nearest(to name: String, among candidates: [String]) -> String? {
    let scored = candidates.map { (distance: editDistance(Array(name), Array($0)), name: $0) }
    guard let best = scored.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
    return best.distance <= 2 + best.name.count / 3 ? best.name : nil
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var previous = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var current = [i + 1]
        for (j, y) in b.enumerated() {
            current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (x == y ? 0 : 1)))
        }
        previous = current
    }
    return previous[b.count]
}
