/// Values written as JSON, members sorted by name: the same value always gives the same bytes.
package enum JSONEncoding {
    /// The document that holds a value.
    ///
    /// - Parameter numbers: Whether numbers that are not finite are written as strings.
    /// - Throws: `JSONError.unfit` for a number that JSON cannot hold; whatever a type's `encode(to:)` throws on its own.
    package static func document<Value: Encodable>(
        of value: Value, numbers: JSONNonFinite = .refused
    ) throws -> JSONValue {
        let encoder = JSONValueEncoder(at: [], numbers)
        try value.encode(to: encoder)
        return encoder.slot.value
    }

    /// The text of that document.
    ///
    /// - Throws: As `document(of:numbers:)`.
    package static func text<Value: Encodable>(
        of value: Value, as layout: JSONWriter.Layout = .compact, numbers: JSONNonFinite = .refused
    ) throws -> String {
        String(decoding: JSONWriter.write(try document(of: value, numbers: numbers), as: layout), as: UTF8.self)
    }
}
