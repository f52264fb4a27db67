/// Decodes one value, and remembers which of its members were asked for.
final class JSONValueDecoder: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]
    let numbers: JSONNonFinite
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    /// The members that somebody asked for, whether they are there or not.
    private(set) var asked: Set<String> = []
    /// Inner containers: only when all is read is it known what nobody asked for.
    private var inner: [String: JSONValueDecoder] = [:]
    private(set) lazy var members: [String: JSONValue] = makeMembers()

    init(_ value: JSONValue, at path: [any CodingKey], _ numbers: JSONNonFinite) {
        (self.value, codingPath, self.numbers) = (value, path, numbers)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object = value else { throw unfit("an object") }
        return KeyedDecodingContainer(JSONKeyedDecoding<Key>(self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw unfit("an array") }
        return JSONUnkeyedDecoding(self, elements)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    private func makeMembers() -> [String: JSONValue] {
        guard case .object(let members) = value else { return [:] }
        return Dictionary(members.map { ($0.key, $0.value) }) { _, last in last }
    }

    // MARK: Strictness

    /// A whole value of this type, in which nothing may be left over.
    func whole<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            let result = try type.init(from: self)
            try refuseUnasked()
            return result
        } catch let error as DecodingError {
            throw translated(error, type)
        }
    }

    func ask(for name: String) { asked.insert(name) }

    /// The decoder of a member that a container is made of. Whoever asks again goes on with the same one.
    func shared(_ value: JSONValue, at key: any CodingKey) -> JSONValueDecoder {
        if let known = inner[key.stringValue] { return known }
        let decoder = JSONValueDecoder(value, at: codingPath + [key], numbers)
        inner[key.stringValue] = decoder
        return decoder
    }

    /// Decodes a type from this very value. What was asked for in vain, in an attempt that failed, does not count.
    func attempt<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let before = (asked, inner)
        do {
            return try type.init(from: self)
        } catch {
            (asked, inner) = before
            throw error
        }
    }

    private func refuseUnasked() throws(JSONError) {
        if case .object(let members) = value {
            for member in members where !asked.contains(member.key) { throw unknown(member.key) }
        }
        for (_, decoder) in inner.sorted(by: { $0.key < $1.key }) { try decoder.refuseUnasked() }
    }

    // MARK: Errors

    func unfit(_ expected: String) -> JSONError {
        .unfit(at: place(codingPath), expected: expected, found: value.summary)
    }

    private func unknown(_ name: String) -> JSONError {
        .unknownMember(
            name, at: place(codingPath),
            nearest: NearestName.of(name, among: asked.subtracting(members.keys))
                ?? NearestName.of(name, among: asked))
    }

    /// That a member is missing; or, if one nobody asked for is nearly called so, that this one is misspelt.
    func missing(_ name: String) -> JSONError {
        if let misspelt = NearestName.of(name, among: members.keys.filter { !asked.contains($0) }) {
            return .unknownMember(misspelt, at: place(codingPath), nearest: name)
        }
        return .missingMember(name, at: place(codingPath))
    }

    /// What the standard library's own types throw, in our words.
    private func translated(_ error: DecodingError, _ type: any Decodable.Type) -> any Error {
        switch error {
        case .dataCorrupted(let context) where context.underlyingError != nil: error
        case .dataCorrupted(let context):
            (type as? any (CaseIterable & RawRepresentable).Type).map { unfit("one of \($0.names)") }
                ?? .unfit(at: place(context.codingPath), expected: "\(type)", found: context.debugDescription)
        case .keyNotFound(let key, let context): JSONError.missingMember(key.stringValue, at: place(context.codingPath))
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            JSONError.unfit(at: place(context.codingPath), expected: "\(type)", found: context.debugDescription)
        @unknown default: error
        }
    }
}

extension CaseIterable where Self: RawRepresentable {
    fileprivate static var names: String { allCases.map { "\($0.rawValue)" }.joined(separator: ", ") }
}
