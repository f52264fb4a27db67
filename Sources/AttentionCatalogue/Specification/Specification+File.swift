import AttentionFiles
import AttentionTensors
import FoundationEssentials

extension Specification {
    /// Reads a specification from a JSON file; whatever else stands in it is ignored.
    /// - Throws: `FileError` if the file cannot be read, `CatalogueError.malformed` if it is no specification.
    public init(contentsOf path: String) throws {
        try self.init(json: FileContents.read(path), source: path)
    }

    /// Reads a specification from JSON; errors call it `source`.
    /// - Throws: `CatalogueError.malformed` if it is no specification.
    public init(json: [UInt8], source: String) throws(CatalogueError) {
        let expected = "a JSON object with mechanism, and options as a table if there are any"
        do {
            self = try JSONDecoder().decode(Specification.self, from: Data(json))
        } catch DecodingError.keyNotFound(let key, _) {
            throw .malformed(source: source, expected: expected, found: "no \(key.stringValue)")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .malformed(
                source: source, expected: expected,
                found: path.isEmpty ? "something else" : "something else as \(path)")
        } catch {
            throw .malformed(source: source, expected: expected, found: "text that is not JSON")
        }
    }
}
