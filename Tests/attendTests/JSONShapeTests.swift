import Foundation
import Testing

/// What `--json` writes is what `docs/json.md` says.
@Suite struct JSONShapeTests {
    /// The names in the columns of the command's line.
    private func documented(_ command: String) throws -> (members: Set<String>, parts: Set<String>) {
        let path = #filePath.components(separatedBy: "/Tests/")[0] + "/docs/json.md"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("| `\(command)` |") }, "\(command)")
        let columns = line.split(separator: "|").map { column in
            Set(column.matches(of: /`([A-Za-z_]+)`/).map { String($0.output.1) })
        }
        return (columns[1], columns.count > 2 ? columns[2] : [])
    }

    /// The members of the first object of each list among a document's own.
    private func parts(of value: Any) -> Set<String> {
        if let list = value as? [Any] { return list.first.map { parts(of: $0) } ?? [] }
        return Set((value as? [String: Any] ?? [:]).keys)
    }

    @Test(arguments: [
        ("embed", "vectors", ["a"]), ("similarity", "vectors", ["a", "b"]), ("rerank", "pairs", ["a", "b"]),
        ("classify", "classes", ["a"]), ("tag", "names", ["The cat sleeps."]), ("fill-mask", "words", ["a [MASK]"]),
        ("answer", "answers", ["--context", "The cat sleeps.", "Who sleeps?"]),
        ("generate", "continuations", ["The", "--max-new-tokens", "2"]), ("score", "continuations", ["The cat"]),
        ("tokenize", "words", ["The cat"]),
    ])
    func ofTasks(_ command: String, _ model: String, _ arguments: [String]) throws {
        try check(command, ["--model", TaskCommandTests.root + model] + arguments)
    }

    @Test func ofOthers() throws {
        try check("translate", ["we like birds .", "--model", TinyModel.folder.get().path])
        try check("play", ["memory", "--policy", "random"])
    }

    private func check(_ command: String, _ arguments: [String]) throws {
        let found = try Command.run([command, "--json"] + arguments)
        #expect(found.status == 0, "\(found.errors)")
        let names = try documented(command)
        for line in found.output.split(separator: "\n") {
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
            #expect(!object.isEmpty && names.members.isSuperset(of: object.keys), "\(command): \(line)")
            let inside = object.values.reduce(into: Set<String>()) { $0.formUnion(parts(of: $1)) }
            #expect(names.parts.isSuperset(of: inside), "\(command): \(line)")
            #expect(names.parts.isEmpty || command == "tokenize" || !inside.isEmpty, "\(command): \(line)")
        }
    }
}
