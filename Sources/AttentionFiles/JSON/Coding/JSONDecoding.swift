/// Values read from JSON, strictly: what nobody reads is refused, since it is usually a misspelt or misplaced member.
package enum JSONDecoding {
    /// The value that `bytes` hold.
    ///
    /// - Parameter numbers: Whether strings may stand for numbers that are not finite.
    /// - Throws: `JSONError`; whatever else a type's `init(from:)` throws on its own.
    package static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from bytes: [UInt8], numbers: JSONNonFinite = .refused
    ) throws -> Value {
        try decode(type, from: try JSONParser.parse(bytes, duplicates: .refused), numbers: numbers)
    }

    /// The value that a document holds.
    ///
    /// - Throws: `JSONError`; whatever else a type's `init(from:)` throws on its own.
    package static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from document: JSONValue, numbers: JSONNonFinite = .refused
    ) throws -> Value {
        try JSONValueDecoder(document, at: [], numbers).whole(type)
    }
}

/// What becomes of numbers that JSON has no digits for.
package enum JSONNonFinite: Sendable {
    /// They are an error.
    case refused
    /// They are the strings `inf`, `-inf` and `nan`.
    case named

    func name(of value: some BinaryFloatingPoint) -> String? {
        guard self == .named else { return nil }
        return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf"
    }

    func value<Number: BinaryFloatingPoint>(named name: String) -> Number? {
        guard self == .named else { return nil }
        return switch name {
        case "inf": .infinity
        case "-inf": -.infinity
        case "nan": .nan
        default: nil
        }
    }
}

/// A place in an array, or where a superclass stands.
struct JSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(index: Int) { (stringValue, intValue) = ("\(index)", index) }
    init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
    init?(intValue: Int) { self.init(index: intValue) }

    static let superclass = JSONKey(stringValue: "super")
}

/// Where something stands, as errors write it: `model.layers[2].size`.
func place(_ path: [any CodingKey]) -> String {
    path.reduce(into: "") { text, key in
        if let index = (key as? JSONKey)?.intValue {
            text += "[\(index)]"
        } else {
            text += (text.isEmpty ? "" : ".") + key.stringValue
        }
    }
}
