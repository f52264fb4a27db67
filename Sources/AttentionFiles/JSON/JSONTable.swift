/// A long list in a document, whose entries are short and alike, in flat arrays instead of a tree: the vocabulary of a tokenizer has
/// hundreds of thousands.
package struct JSONTable: Sendable, Equatable {
    /// What an entry is.
    package enum Form: Sendable {
        /// `["a", "b"]`
        case strings
        /// `[["a", "b"], ["c", "d"]]`
        case pairs
        /// `[["a", -1.5], ["b", 2]]`
        case numberedPairs
        /// `{"a": 0, "b": 1}`
        case members

        var stringsPerEntry: Int { self == .pairs ? 2 : 1 }

        /// Whether a value can be an entry, or that of a member.
        package func fits(_ value: JSONValue) -> Bool {
            switch (self, value) {
            case (.strings, .string), (.members, .number): true
            case (.pairs, .array(let parts)): parts.count == 2 && parts.allSatisfy(Form.strings.fits)
            case (.numberedPairs, .array(let parts)):
                parts.count == 2 && Form.strings.fits(parts[0]) && Form.members.fits(parts[1])
            default: false
            }
        }
    }

    package let form: Form
    /// All strings in UTF-8, one behind the other.
    package let bytes: [UInt8]
    /// Where each string ends in `bytes`.
    package let ends: [Int32]
    /// The number of each entry, in the forms that have one.
    package let numbers: [Double]

    init(_ form: Form, bytes: [UInt8], ends: [Int32], numbers: [Double]) {
        (self.form, self.bytes, self.ends, self.numbers) = (form, bytes, ends, numbers)
    }

    /// A list of strings.
    package init(strings: [ArraySlice<UInt8>]) {
        var (bytes, ends): ([UInt8], [Int32]) = ([], [])
        for string in strings {
            bytes += string
            ends.append(Int32(bytes.count))
        }
        self.init(.strings, bytes: bytes, ends: ends, numbers: [])
    }

    /// The members whose values number their keys from 0.
    package init(numbering strings: [ArraySlice<UInt8>]) {
        let list = JSONTable(strings: strings)
        self.init(.members, bytes: list.bytes, ends: list.ends, numbers: strings.indices.map(Double.init))
    }

    /// The pairs that each two of these strings are.
    package init(pairs bytes: [UInt8], ends: [Int32]) { self.init(.pairs, bytes: bytes, ends: ends, numbers: []) }

    /// The number of entries.
    package var count: Int { ends.count / form.stringsPerEntry }

    /// The string of this number in UTF-8, counted over all entries.
    package func string(_ index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
    }

    /// The same as a tree.
    package var tree: JSONValue {
        func text(_ index: Int) -> String { String(decoding: string(index), as: UTF8.self) }
        func number(_ index: Int) -> JSONValue { .number(JSONNumber(numbers[index])) }
        return switch form {
        case .strings: .array((0..<count).map { .string(text($0)) })
        case .pairs: .array((0..<count).map { .array([.string(text(2 * $0)), .string(text(2 * $0 + 1))]) })
        case .numberedPairs: .array((0..<count).map { .array([.string(text($0)), number($0)]) })
        case .members: .object((0..<count).map { JSONMember(text($0), number($0)) })
        }
    }

    /// What this is, for an error sentence.
    var summary: String { form == .members ? "an object" : "an array" }
}
