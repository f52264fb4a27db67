public import AttentionFiles

/// A file in Marian's binary container that cannot be used.
public enum MarianFileError: Error, Sendable, Hashable {
    /// The system refused.
    case file(FileError)
    /// The bytes are not such a file, or not a whole one.
    case malformed(source: String, expected: String, found: String)
    /// An item is of a type that is not read here.
    case unknownType(name: String, source: String, type: UInt64)
    /// An array of an archive has numbers of a type that is not read here.
    case unknownNumbers(name: String, source: String, type: String)
    /// An archive cannot be unpacked.
    case archive(source: String, ZipError)
    /// The file has no item of this name.
    case missing(name: String, source: String)
    /// An item holds something else than was asked for.
    case unfit(name: String, source: String, expected: String, found: String)
}

extension MarianFileError: CustomStringConvertible {
    /// One sentence: the file, what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let source, let expected, let found):
            "marian: expected \(expected) in \(source), found \(found); "
                + "the file is damaged or of another kind: copy it again, or take another"
        case .unknownType(let name, let source, let type):
            "marian: expected float32 (0x404), integers with a scale (0x4101) or bytes (0x101) as \(name) in \(source), "
                + "found type 0x\(String(type, radix: 16)); convert the model to one of these"
        case .unknownNumbers(let name, let source, let type):
            "marian: expected float32 (<f4) or bytes (|i1) as \(name) in \(source), found \(type); "
                + "convert the model to one of these"
        case .archive(let source, let error): "marian: \(source): \(error)"
        case .missing(let name, let source):
            "marian: expected an item \(name) in \(source), found none; check that the file is of a kind that is read here"
        case .unfit(let name, let source, let expected, let found):
            "marian: expected \(expected) as \(name) in \(source), found \(found); take the file that belongs here"
        }
    }
}
