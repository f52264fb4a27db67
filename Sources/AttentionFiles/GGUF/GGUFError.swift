/// A GGUF file that cannot be used.
public enum GGUFError: Error, Sendable, Hashable {
    /// The system refused.
    case file(FileError)
    /// The bytes are not such a file, or not a whole one.
    case malformed(source: String, expected: String, found: String)
    /// The numbers of a tensor are of a type that is not read here.
    case unknownType(tensor: String, source: String, type: String, known: [String])
    /// The file has no tensor of this name.
    case missing(name: String, source: String)
    /// The metadata lack what the model needs, or have something else there.
    case badMetadata(key: String, source: String, expected: String, found: String)
}

extension GGUFError: CustomStringConvertible {
    /// One sentence: the file, what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let source, let expected, let found):
            "gguf: expected \(expected) in \(source), found \(found); "
                + "the file is damaged or of another kind: copy it again, or take another"
        case .unknownType(let tensor, let source, let type, let known):
            "gguf: expected numbers of \(known.joined(separator: ", ")) as \(tensor) in \(source), found \(type); "
                + "take the same model in one of these types"
        case .missing(let name, let source):
            "gguf: expected a tensor \(name) in \(source), found none; check that the file is of a kind that is read here"
        case .badMetadata(let key, let source, let expected, let found):
            "gguf: expected \(expected) as \(key) in \(source), found \(found); take a file that was made for this kind of model"
        }
    }
}
