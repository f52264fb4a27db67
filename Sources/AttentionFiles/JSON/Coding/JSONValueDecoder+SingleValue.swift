extension JSONValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let truth) = value else { throw unfit("true or false") }
        return truth
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .string(let text) = value else { throw unfit("a string") }
        return text
    }

    func decode(_ type: Double.Type) throws -> Double { try number(\.double) }
    func decode(_ type: Float.Type) throws -> Float { try number(\.float) }
    func decode(_ type: Int.Type) throws -> Int { try integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try attempt(type) }

    private func number<Number: BinaryFloatingPoint>(_ read: (JSONNumber) -> Number) throws(JSONError) -> Number {
        if case .string(let name) = value, let number: Number = numbers.value(named: name) { return number }
        guard case .number(let number) = value else { throw unfit("a number") }
        let result = read(number)
        guard result.isFinite else { throw unfit("a number up to \(Number.greatestFiniteMagnitude)") }
        return result
    }

    private func integer<Integer: FixedWidthInteger>() throws(JSONError) -> Integer {
        guard case .number(let number) = value else { throw unfit("an integer") }
        if let integer: Integer = number.exactly() { return integer }
        let isWhole = number.double == number.double.rounded()
        throw unfit(isWhole ? "an integer from \(Integer.min) to \(Integer.max)" : "an integer")
    }
}
