/// An archive that cannot be read.
public enum ZipError: Error, Sendable, Hashable {
    /// It does not begin as archives do.
    case notZip
    /// It ends too soon.
    case truncated(byteCount: Int)
    /// At this offset a file's header should be, and is not.
    case noEntry(offset: Int)
    /// Sizes of 64 bits, of a file or of the archive.
    case zip64(name: String?)
    /// A file that wants a password.
    case encrypted(name: String)
    /// A file that is packed in another way than stored (0) or deflated (8).
    case unsupportedMethod(name: String, Int)
    /// Two files of one name.
    case twice(name: String)
    /// What is packed is not what was packed.
    case damaged(name: String, GzipError)
}

extension ZipError: CustomStringConvertible {
    /// One sentence: what was expected, what was found and the way out.
    public var description: String {
        switch self {
        case .notZip: "unzip: expected a zip archive, which begins with PK, found other bytes; take another file"
        case .truncated(let byteCount):
            "unzip: expected the rest of the archive, found its end after \(byteCount) bytes; copy it again"
        case .noEntry(let offset):
            "unzip: expected the header of a file at byte \(offset), found other bytes; copy the archive again"
        case .zip64(let name):
            "unzip: expected sizes of 32 bits\(name.map { " for \($0)" } ?? ""), found zip64; "
                + "pack less than 4 GB into one archive, without zip64"
        case .encrypted(let name): "unzip: expected \(name) without a password, found it encrypted; pack it anew"
        case .unsupportedMethod(let name, let method):
            "unzip: expected \(name) stored (0) or deflated (8), found method \(method); pack it anew"
        case .twice(let name): "unzip: expected each name once, found \(name) twice; pack the archive anew"
        case .damaged(let name, let error): "unzip: \(name): \(error)"
        }
    }
}
