/// A value of a GGUF file's metadata.
package enum GGUFValue: Sendable {
    case integer(Int)
    case number(Double)
    case flag(Bool)
    case string(String)
    /// Read when it is asked for: a vocabulary is long.
    case array(GGUFArray)

    /// What this value is, for an error sentence.
    package var summary: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .flag(let value): "\(value)"
        case .string(let value): "\"\(value)\""
        case .array(let array): "\(array.count) values"
        }
    }
}

/// How a value is written.
enum GGUFValueType: UInt32 {
    case uint8 = 0
    case int8, uint16, int16, uint32, int32, float32, flag, string, array, uint64, int64, float64

    /// The bytes a value takes; nil where they differ.
    var byteCount: Int? {
        switch self {
        case .uint8, .int8, .flag: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: nil
        }
    }
}

/// A list in the metadata, where it lies; it has been checked to be whole.
package struct GGUFArray: Sendable {
    package let count: Int
    let type: GGUFValueType
    let bytes: SharedBytes

    /// The entries, if they are strings.
    package var strings: [String]? {
        guard type == .string else { return nil }
        var reader = GGUFReader(bytes, source: "")
        var strings: [String] = []
        strings.reserveCapacity(count)
        for _ in 0..<count {
            guard let text = try? reader.string() else { return nil }
            strings.append(text)
        }
        return strings
    }

    /// The entries, if they are numbers.
    package var numbers: [Double]? {
        guard type != .string, type != .array else { return nil }
        var reader = GGUFReader(bytes, source: "")
        var numbers: [Double] = []
        numbers.reserveCapacity(count)
        for _ in 0..<count {
            switch try? reader.value(type) {
            case .integer(let number)?: numbers.append(Double(number))
            case .number(let number)?: numbers.append(number)
            case .flag(let flag)?: numbers.append(flag ? 1 : 0)
            default: return nil
            }
        }
        return numbers
    }
}
