import AttentionJSON
import NIOCore

/// The members of a request, read one by one: what is not what it should be is refused by its name. What nobody reads is passed over, since
/// clients send more than any server knows. A member that is null is as if it were not there.
package struct RequestFields: Sendable {
    private let members: [String: JSONValue]

    /// The members of an object in JSON.
    /// - Throws: `RouteError` if the bytes are no such object.
    init(json body: ByteBuffer) throws(RouteError) {
        let document: JSONValue
        do { document = try JSONParser.parse(Array(body.readableBytesView)) } catch {
            throw RouteError(.malformed, "expected a JSON object as the body, but \(error)")
        }
        try self.init(document, of: "the body")
    }

    /// The members of an object.
    init(_ value: JSONValue, of name: String) throws(RouteError) {
        guard case .object(let members) = value else {
            throw .unfit(name, expected: "a JSON object", found: value.kind)
        }
        self.members = Dictionary(members.map { ($0.key, $0.value) }) { _, last in last }
    }

    /// These members.
    init(_ members: [String: JSONValue]) { self.members = members }

    /// A member; nil if it is not there.
    subscript(name: String) -> JSONValue? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    /// Refuses what cannot be done here, rather than to answer something else.
    /// - Parameter isHarmless: whether a value asks for nothing that is not done anyway.
    func refuse(_ name: String, unless isHarmless: (JSONValue) -> Bool = { _ in false }) throws(RouteError) {
        guard let value = self[name], !isHarmless(value) else { return }
        throw RouteError(.malformed, "\(name) is not served here; leave it out", parameter: name)
    }

    package func string(_ name: String) throws(RouteError) -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value else { throw .unfit(name, expected: "a string", found: value.kind) }
        return text
    }

    func flag(_ name: String) throws(RouteError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .bool(let flag) = value else { throw .unfit(name, expected: "true or false", found: value.kind) }
        return flag
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(RouteError) -> Int? {
        guard let value = self[name] else { return nil }
        guard case .number(let number) = value, let integer = number.exactly(Int.self), range ~= integer else {
            throw .unfit(
                name, expected: "an integer from \(range.lowerBound) to \(range.upperBound)", found: value.kind)
        }
        return integer
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(RouteError) -> Double? {
        guard let value = self[name] else { return nil }
        guard case .number(let number) = value, range ~= number.double else {
            throw .unfit(name, expected: "a number from \(range.lowerBound) to \(range.upperBound)", found: value.kind)
        }
        return number.double
    }

    /// A string, or several.
    func strings(_ name: String) throws(RouteError) -> (texts: [String], isList: Bool)? {
        guard let value = self[name] else { return nil }
        switch value {
        case .string(let text): return ([text], false)
        case .array(let items): return (try Self.strings(items, name), true)
        default: throw .unfit(name, expected: "a string or an array of strings", found: value.kind)
        }
    }

    static func strings(_ items: [JSONValue], _ name: String) throws(RouteError) -> [String] {
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else {
                throw .unfit(name, expected: "an array of strings", found: "\(item.kind) in it")
            }
            texts.append(text)
        }
        return texts
    }

    static func integers(_ items: [JSONValue], _ name: String) throws(RouteError) -> [Int] {
        var numbers: [Int] = []
        for item in items {
            guard case .number(let number) = item, let integer = number.exactly(Int.self), integer >= 0 else {
                throw .unfit(name, expected: "an array of tokens", found: "\(item.kind) in it")
            }
            numbers.append(integer)
        }
        return numbers
    }

    /// A member that has to be there.
    func needed<Value>(_ value: Value?, _ name: String) throws(RouteError) -> Value {
        guard let value else { throw RouteError(.malformed, "expected a member \(name), found none", parameter: name) }
        return value
    }
}

extension JSONValue {
    /// What this is, without saying what stands in it: texts of people do not belong into errors.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let number): "\(number)"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        case .table: "a table"
        }
    }
}
