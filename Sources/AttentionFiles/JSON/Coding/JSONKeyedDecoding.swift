/// The members of an object by name.
struct JSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let decoder: JSONValueDecoder

    init(_ decoder: JSONValueDecoder) { self.decoder = decoder }

    var codingPath: [any CodingKey] { decoder.codingPath }

    var allKeys: [Key] {
        let keys = decoder.members.keys.compactMap { Key(stringValue: $0) }
        for key in keys { decoder.ask(for: key.stringValue) }
        return keys
    }

    func contains(_ key: Key) -> Bool {
        decoder.ask(for: key.stringValue)
        return decoder.members[key.stringValue] != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key) == .null }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try JSONValueDecoder(try value(key), at: codingPath + [key], decoder.numbers).whole(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try decoder.shared(try value(key), at: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder.shared(try value(key), at: key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try inner(JSONKey.superclass) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try inner(key) }

    private func inner(_ key: any CodingKey) throws(JSONError) -> JSONValueDecoder {
        decoder.shared(try value(key), at: key)
    }

    private func value(_ key: any CodingKey) throws(JSONError) -> JSONValue {
        decoder.ask(for: key.stringValue)
        guard let value = decoder.members[key.stringValue] else { throw decoder.missing(key.stringValue) }
        return value
    }
}
