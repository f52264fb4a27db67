import Attention
import Foundation
import GRDB

/// How does one search by meaning? Texts become vectors, vectors go into SQLite, and the nearest to a question come out.
@main struct SemanticSearch {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard let model = arguments.first, let folder = arguments.dropFirst().first, arguments.count > 2 else {
            return print("usage: SemanticSearch MODEL FOLDER QUESTION…")
        }
        do { try search(for: arguments.dropFirst(2), in: folder, with: try TextEmbedder(path: model)) } catch {
            FileHandle.standardError.write(Data("SemanticSearch: \(error)\n".utf8))
            exit(65)
        }
    }

    private static func search(for questions: ArraySlice<String>, in folder: String, with embedder: TextEmbedder) throws
    {
        let files = try textFiles(in: folder)
        let store = try PassageStore(path: folder + "/.search.sqlite")
        for file in files {
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            let passages = text.split(separator: "\n\n").map(String.init)
            if try store.holds(passages, of: file) { continue }
            try store.replace(passages, with: try embedder.embed(passages), of: file)
            print("read \(file): \(passages.count) passages")
        }
        for question in questions {
            let wanted = try embedder.embed(question)
            let ranked = try store.all().map { (embedder.similarity(wanted, $0.vector), $0) }.sorted { $0.0 > $1.0 }
            print(question)
            for (likeness, passage) in ranked.prefix(3) {
                print(String(format: "  %.3f  %@: %@", likeness, passage.file, passage.text.prefix(90) as CVarArg))
            }
        }
    }

    private static func textFiles(in folder: String) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw NoFolder(path: folder)
        }
        return names.sorted().filter { $0.hasSuffix(".txt") }
    }
}

/// There is nothing to search in.
struct NoFolder: Error, CustomStringConvertible {
    let path: String

    var description: String { "expected a folder of text files, found none that can be read at \(path)" }
}

/// A passage of a file and its vector, as a row of the table.
struct Passage: Codable, FetchableRecord, PersistableRecord {
    var file: String
    var text: String
    var numbers: Data

    init(file: String, text: String, vector: [Float]) {
        (self.file, self.text, numbers) = (file, text, vector.withUnsafeBytes { Data($0) })
    }

    var vector: [Float] {
        numbers.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
    }
}

/// The passages of a folder with their vectors.
struct PassageStore {
    private let database: DatabaseQueue

    init(path: String) throws {
        database = try DatabaseQueue(path: path)
        try database.write { database in
            try database.create(table: "passage", ifNotExists: true) { table in
                table.column("file", .text).notNull().indexed()
                table.column("text", .text).notNull()
                table.column("numbers", .blob).notNull()
            }
        }
    }

    /// Whether these are the passages that are kept of a file: nothing is embedded twice.
    func holds(_ passages: [String], of file: String) throws -> Bool {
        try database.read { try Passage.filter(Column("file") == file).order(Column.rowID).fetchAll($0) }
            .map(\.text) == passages
    }

    func replace(_ passages: [String], with vectors: [[Float]], of file: String) throws {
        try database.write { database in
            try Passage.filter(Column("file") == file).deleteAll(database)
            for (text, vector) in zip(passages, vectors) {
                try Passage(file: file, text: text, vector: vector).insert(database)
            }
        }
    }

    func all() throws -> [Passage] { try database.read { try Passage.fetchAll($0) } }
}
