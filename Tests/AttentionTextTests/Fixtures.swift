import AttentionFiles
import AttentionText

/// The files beside the tests, made by scripts/make-tokenizer-fixtures.py.
enum Fixtures {
    static func path(_ name: String) -> String {
        #filePath.dropLast("Fixtures.swift".count) + "Fixtures/\(name)"
    }

    static func json(_ name: String) throws -> JSONValue {
        try JSONParser.parse(try FileContents.read(path(name)))
    }

    static func tokenizer(_ name: String) throws -> Tokenizer {
        try Tokenizer(contentsOf: path("\(name).tokenizer.json"))
    }
}

/// Access by key or position, for values known to be there.
extension JSONValue {
    subscript(key: String) -> JSONValue {
        guard case .object(let members) = self else { return .null }
        return members.last { $0.key == key }?.value ?? .null
    }

    var members: [JSONMember] {
        if case .object(let members) = self { members } else { [] }
    }

    var elements: [JSONValue] {
        if case .array(let values) = self { values } else { [] }
    }

    var text: String {
        if case .string(let text) = self { text } else { "" }
    }

    var int: Int? {
        if case .number(let number) = self { number.exactly() } else { nil }
    }
}

extension String {
    /// Equality of scalars, where `==` is canonical equivalence.
    var scalarValues: [UInt32] { unicodeScalars.map(\.value) }
}
