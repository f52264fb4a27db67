import Foundation

/// What `scripts/make-reinforcement-fixtures.py` made with the references.
enum Fixtures {
    static func read<Value: Decodable>(_ name: String) throws -> Value {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        return try JSONDecoder().decode(Value.self, from: try Data(contentsOf: folder.appending(path: name)))
    }
}

/// The sentence of what a body throws.
func sentence(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "nothing was thrown"
    } catch {
        return "\(error)"
    }
}
