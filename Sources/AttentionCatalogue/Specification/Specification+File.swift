import AttentionFiles
public import AttentionMechanisms

extension Specification {
    /// Reads a specification from a JSON file.
    /// - Throws: `FileError` if the file cannot be read, `RequestError.malformed` if it is none, or holds a member that means nothing.
    public init(contentsOf path: String) throws {
        try self.init(json: FileContents.read(path), source: path)
    }

    /// Reads a specification from JSON; errors call it `source`.
    /// - Throws: `RequestError.malformed` if it is none, or holds a member that means nothing.
    public init(json: [UInt8], source: String) throws(RequestError) {
        do {
            self = try JSONDecoding.decode(from: json)
        } catch {
            throw .malformed(source: source, reason: "\(error)")
        }
    }
}
