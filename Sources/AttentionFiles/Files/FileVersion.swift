internal import Glibc

/// Which version of a file is at a path: another one after every replacement, however alike the contents are.
package struct FileVersion: Hashable, Sendable {
    private let device: UInt64
    private let number: UInt64
    private let changeSeconds: Int
    private let changeNanoseconds: Int

    /// Looks at the file at `path`.
    ///
    /// - Throws: ``FileError`` when there is none.
    package init(of path: String) throws(FileError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError(.read, path: path, code: errno) }
        (device, number) = (UInt64(status.st_dev), UInt64(status.st_ino))
        (changeSeconds, changeNanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
    }
}
