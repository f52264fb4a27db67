import Glibc

/// A file that grows at its end: a log. What is written survives the end of the process, however that comes.
package final class AppendingFile {
    private let path: String
    private let descriptor: Int32
    /// How long the file is, in bytes.
    package private(set) var length: Int

    /// Opens the file, or makes it, for appending after its first `length` bytes; the rest is cut off.
    ///
    /// - Throws: ``FileError`` if it cannot be written.
    package init(path: String, keeping length: Int) throws(FileError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, mode_t(0o666))
        guard descriptor >= 0 else { throw FileError(.save, path: path, code: errno) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        self.length = max(0, min(size, length))
        // A pipe or device cannot be cut, and keeps nothing either.
        if size > self.length, ftruncate(descriptor, self.length) != 0, errno != EINVAL {
            throw FileError(.save, path: path, code: errno)
        }
    }

    deinit { close(descriptor) }

    /// Writes all of `bytes` behind what is there.
    ///
    /// - Throws: ``FileError``, for example when the disk is full.
    package func append(_ bytes: [UInt8]) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(.save, path: path, code: errno) }
            written += count
        }
        length += written
    }

    /// Waits until all of it has reached the disk.
    ///
    /// - Throws: ``FileError`` if it cannot; pipes and devices, which have no disk to reach, are no failure.
    package func synchronize() throws(FileError) {
        guard fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP else { return }
        throw FileError(.save, path: path, code: errno)
    }
}
