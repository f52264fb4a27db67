import Glibc

/// What is found at a path before it is replaced.
struct FileStatus {
    /// False for devices, pipes and sockets.
    let isRegularFile: Bool
    /// The permission bits, to be given to the file's next version.
    let permissions: mode_t
    /// The path of a regular file with all symbolic links followed.
    let resolvedPath: String

    /// Looks at `path`, following symbolic links; `nil` when nothing is there yet.
    init?(of path: String) throws(FileError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw FileError(.save, path: path, code: errno)
        }
        let kind = status.st_mode & S_IFMT
        if kind == S_IFDIR { throw FileError(.save, path: path, code: EISDIR) }
        isRegularFile = kind == S_IFREG
        permissions = status.st_mode & 0o7777
        guard isRegularFile else {
            resolvedPath = path  // a link to a pipe, as /dev/stdout may be, names nothing in the file system
            return
        }
        guard let resolved = realpath(path, nil) else { throw FileError(.save, path: path, code: errno) }
        defer { free(resolved) }
        resolvedPath = String(cString: resolved)
    }
}
