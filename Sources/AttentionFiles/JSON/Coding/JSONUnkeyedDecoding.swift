/// The elements of an array, one after another.
struct JSONUnkeyedDecoding: UnkeyedDecodingContainer {
    private let decoder: JSONValueDecoder
    private let elements: [JSONValue]
    private(set) var currentIndex = 0

    init(_ decoder: JSONValueDecoder, _ elements: [JSONValue]) { (self.decoder, self.elements) = (decoder, elements) }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try element() == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let path = codingPath + [JSONKey(index: currentIndex)]
        let value = try JSONValueDecoder(try element(), at: path, decoder.numbers).whole(type)
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try inner().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try inner().unkeyedContainer() }

    mutating func superDecoder() throws -> any Decoder { try inner() }

    private mutating func inner() throws(JSONError) -> JSONValueDecoder {
        let inner = decoder.shared(try element(), at: JSONKey(index: currentIndex))
        currentIndex += 1
        return inner
    }

    private func element() throws(JSONError) -> JSONValue {
        guard !isAtEnd else {
            throw .unfit(
                at: place(codingPath), expected: "more than \(elements.count) elements", found: "the end of the array")
        }
        return elements[currentIndex]
    }
}
