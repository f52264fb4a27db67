package import AttentionFiles

/// JSON files of a pretrained folder, and what is wrong with them by their names.
package enum ConfigurationFile {
    /// What a file holds.
    /// - Throws: `FileError` if it cannot be read; `PretrainedError.badConfiguration` if it is no JSON.
    package static func document(_ path: String) throws -> JSONValue {
        let bytes = try FileContents.read(path)
        do { return try JSONParser.parse(bytes) } catch {
            throw PretrainedError.badConfiguration(path, reason: "\(error)")
        }
    }

    /// The members of the object in a file; nil if there is no such file.
    /// - Throws: as for `document`; `PretrainedError.badConfiguration` if it holds no object.
    package static func fields(_ path: String) throws -> ConfigurationFields? {
        guard Directory.hasFile(path) else { return nil }
        let value = try document(path)
        return try reporting(path) { try ConfigurationFields(value) }
    }

    /// What `read` makes of what a file says; its complaints about members name the file.
    package static func reporting<Result>(_ path: String, _ read: () throws -> Result) throws -> Result {
        do { return try read() } catch let error as ConfigurationError {
            throw PretrainedError.badConfiguration(path, reason: "\(error)")
        }
    }
}
