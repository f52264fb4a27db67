/// A number of a JSON document. Integers of up to 64 bits are kept exactly; all others are rounded to the nearest double.
package enum JSONNumber: Sendable {
    case integer(Int64)
    /// Above what 64 bits with a sign can hold.
    case unsigned(UInt64)
    case double(Double)
    /// A number that is kept in 32 bits, and is written with no more digits than these need.
    case float(Float)

    /// An integer.
    package init(_ value: some FixedWidthInteger) {
        if let value = Int64(exactly: value) {
            self = .integer(value)
        } else if let value = UInt64(exactly: value) {
            self = .unsigned(value)
        } else {
            self = .double(Double(value))
        }
    }

    /// A number in double precision.
    package init(_ value: Double) { self = .double(value) }

    /// A number in single precision.
    package init(_ value: Float) { self = .float(value) }

    /// The nearest double.
    package var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .double(let value): value
        case .float(let value): Double(value)
        }
    }

    /// The nearest float; infinite if it is out of reach.
    package var float: Float {
        switch self {
        case .integer(let value): Float(value)
        case .unsigned(let value): Float(value)
        case .double(let value): Float(value)
        case .float(let value): value
        }
    }

    /// The number as this type of integer; nil if it is none, or out of range.
    package func exactly<Integer: FixedWidthInteger>(_ type: Integer.Type = Integer.self) -> Integer? {
        switch self {
        case .integer(let value): Integer(exactly: value)
        case .unsigned(let value): Integer(exactly: value)
        case .double(let value): Integer(exactly: value)
        case .float(let value): Integer(exactly: value)
        }
    }
}

extension JSONNumber: Equatable {
    /// Whether both are the same number, however it was written: 1 and 1.0 are.
    package static func == (first: JSONNumber, second: JSONNumber) -> Bool {
        switch (first, second) {
        case (.integer(let first), .integer(let second)): first == second
        case (.unsigned(let first), .unsigned(let second)): first == second
        case (.integer, .unsigned), (.unsigned, .integer): false
        case (.integer(let exact), _): second.exactly(Int64.self) == exact
        case (_, .integer(let exact)): first.exactly(Int64.self) == exact
        case (.unsigned(let exact), _): second.exactly(UInt64.self) == exact
        case (_, .unsigned(let exact)): first.exactly(UInt64.self) == exact
        default: first.double == second.double
        }
    }
}

extension JSONNumber: CustomStringConvertible {
    /// The fewest digits from which the same number is read again: `3`, `0.1`, `1e-09`.
    package var description: String {
        switch self {
        case .integer(let value): value.description
        case .unsigned(let value): value.description
        case .double(let value): Self.withoutPoint(value.description)
        case .float(let value): Self.withoutPoint(value.description)
        }
    }

    /// The same, with the point of what is no integer but in value: `1.0`.
    var withPoint: String {
        switch self {
        case .integer(let value): value.description
        case .unsigned(let value): value.description
        case .double(let value): value.description
        case .float(let value): value.description
        }
    }

    private static func withoutPoint(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
