internal import Glibc

/// Folders: made, listed and tidied by system calls, so that every refusal is a ``FileError``.
package enum Directory {
    /// Makes the folder and those it lies in, unless they exist.
    package static func create(_ path: String) throws(FileError) {
        guard mkdir(path, 0o777) != 0 else { return }
        if errno == ENOENT, let parent = parent(of: path) {
            try create(parent)
            if mkdir(path, 0o777) == 0 { return }
        }
        let code = errno
        if code == EEXIST, isDirectory(path) { return }
        throw FileError(.save, path: path, code: code)
    }

    /// Whether there is something at this path that can be read as a file: a file, a pipe, a device, but no folder.
    package static func hasFile(_ path: String) -> Bool { exists(path) && !isDirectory(path) }

    /// Whether something is at this path, a file or a folder.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether there is a folder at this path.
    package static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a device, a pipe or a socket is at this path, which no file can take the place of.
    package static func hasDevice(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// Whether two paths lead to one regular file, by whatever names.
    package static func isOneFile(_ path: String, _ other: String) -> Bool {
        var (status, otherStatus) = (stat(), stat())
        guard stat(path, &status) == 0, stat(other, &otherStatus) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return false
        }
        return status.st_dev == otherStatus.st_dev && status.st_ino == otherStatus.st_ino
    }

    /// The names of what lies in the folder, sorted.
    package static func names(in path: String) throws(FileError) -> [String] {
        guard let stream = opendir(path) else { throw FileError(.read, path: path, code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    /// Removes a file, if it is there.
    package static func removeFile(_ path: String) throws(FileError) {
        guard unlink(path) != 0, errno != ENOENT else { return }
        throw FileError(.remove, path: path, code: errno)
    }

    /// Removes a folder with all that is in it, if it is there; links are removed, and what they lead to stays.
    package static func remove(_ path: String) throws(FileError) {
        guard exists(path) else { return }
        for name in try names(in: path) {
            let inner = path + "/" + name
            var status = stat()
            if lstat(inner, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                try remove(inner)
            } else {
                try removeFile(inner)
            }
        }
        guard rmdir(path) == 0 else { throw FileError(.remove, path: path, code: errno) }
    }

    /// The folder that something lies in; nil for the root and for a lone name.
    private static func parent(of path: String) -> String? {
        var rest = path[...]
        while rest.last == "/" { rest.removeLast() }
        guard let slash = rest.lastIndex(of: "/") else { return nil }
        return slash == rest.startIndex ? "/" : String(rest[..<slash])
    }
}
