import Glibc

/// A file that could not be read or written, and why the system said no.
public struct FileError: Error, Hashable, Sendable {
    /// What was being done with the file.
    public enum Operation: String, Sendable {
        case read
        case save
        case remove
    }

    /// What was being done when the system refused.
    public let operation: Operation
    /// The file asked for, as the caller spelt it.
    public let path: String
    /// The system's error number (`errno`).
    public let code: Int32

    /// An error with the system's number for it.
    public init(_ operation: Operation, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }
}

extension FileError: CustomStringConvertible {
    /// One sentence: the operation, the file, the system's reason and, where there is one, the way out.
    public var description: String {
        let attempt =
            switch operation {
            case .read: "read: could not read"
            case .save: "save: could not write"
            case .remove: "remove: could not remove"
            }
        let sentence = "\(attempt) \(path): \(String(cString: strerror(code)))"
        return wayOut.map { "\(sentence); \($0)" } ?? sentence
    }

    private var wayOut: String? {
        switch (code, operation) {
        case (ENOSPC, _), (EDQUOT, _): "free some space there or save to another disk"
        case (EFBIG, _): "raise the limit on file size (ulimit -f) or save to another file system"
        case (ENOENT, .read), (ENOTDIR, .read), (ENAMETOOLONG, _): "check the spelling of the path"
        case (ENOENT, .save), (ENOTDIR, .save): "create the directory first or save somewhere else"
        case (EACCES, .read), (EPERM, .read): "ask for permission to read it"
        case (_, .remove): "remove it by hand, or ask for permission to"
        case (EEXIST, .save): "choose another name: something else is there"
        case (EACCES, .save), (EPERM, .save), (EROFS, .save): "save to a directory you may write to"
        case (EISDIR, _): "name a file inside that directory"
        default: nil
        }
    }
}
