import AttentionFiles

extension Specification {
    /// Reads a specification from a JSON file.
    /// - Throws: `FileError` if the file cannot be read, `CatalogueError.malformed` if it is none, or holds a member that means nothing.
    public init(contentsOf path: String) throws {
        try self.init(json: FileContents.read(path), source: path)
    }

    /// Reads a specification from JSON; errors call it `source`.
    /// - Throws: `CatalogueError.malformed` if it is none, or holds a member that means nothing.
    public init(json: [UInt8], source: String) throws(CatalogueError) {
        do {
            self = try JSONDecoding.decode(from: json)
        } catch {
            throw .malformed(source: source, reason: "\(error)")
        }
    }
}
