import Glibc

/// One open file of the operating system, closed when the value goes out of scope.
///
/// The only place where files are touched by system calls: calls interrupted by a signal are repeated, short writes
/// are continued, and every refusal becomes a ``FileError``.
package struct FileDescriptor: ~Copyable {
    private let number: Int32
    private let path: String
    private let isOwned: Bool

    private init(number: Int32, path: String, isOwned: Bool) {
        self.number = number
        self.path = path
        self.isOwned = isOwned
    }

    deinit {
        if isOwned { _ = close(number) }
    }

    /// The process's standard input, which stays open.
    package static var standardInput: FileDescriptor {
        FileDescriptor(number: STDIN_FILENO, path: "standard input", isOwned: false)
    }

    /// The process's standard output, which stays open.
    package static var standardOutput: FileDescriptor {
        FileDescriptor(number: STDOUT_FILENO, path: "standard output", isOwned: false)
    }

    /// The process's standard error, which stays open.
    package static var standardError: FileDescriptor {
        FileDescriptor(number: STDERR_FILENO, path: "standard error", isOwned: false)
    }

    /// Opens an existing file, or a directory, for reading.
    package init(reading path: String) throws(FileError) {
        let number = retrying { open(path, O_RDONLY | O_CLOEXEC) }
        guard number >= 0 else { throw FileError(.read, path: path, code: errno) }
        self.init(number: number, path: path, isOwned: true)
    }

    /// Opens an existing device or pipe for writing.
    package init(writing path: String) throws(FileError) {
        let number = retrying { open(path, O_WRONLY | O_CLOEXEC) }
        guard number >= 0 else { throw FileError(.save, path: path, code: errno) }
        self.init(number: number, path: path, isOwned: true)
    }

    /// Creates a file that must not exist yet, with these permission bits or the usual ones; errors speak of
    /// `reportedPath`, and leave no file behind.
    init(creating path: String, permissions: mode_t?, reportedPath: String) throws(FileError) {
        let number = retrying { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(0o666)) }
        guard number >= 0 else { throw FileError(.save, path: reportedPath, code: errno) }
        if let permissions, fchmod(number, permissions) < 0 {
            let code = errno
            _ = (close(number), unlink(path))
            throw FileError(.save, path: reportedPath, code: code)
        }
        self.init(number: number, path: reportedPath, isOwned: true)
    }

    /// Opens a file for locking, and makes it first if it is not there.
    init(openingOrCreating path: String) throws(FileError) {
        let number = retrying { open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(0o666)) }
        guard number >= 0 else { throw FileError(.save, path: path, code: errno) }
        self.init(number: number, path: path, isOwned: true)
    }

    /// What came of asking for a lock.
    enum LockAnswer {
        case taken, held
        /// The file system knows no locks.
        case unknown
    }

    /// Locks the file against other processes, until it is closed, if none has.
    func tryLock() -> LockAnswer {
        if lock(waiting: false) { return .taken }
        return errno == EWOULDBLOCK ? .held : .unknown
    }

    /// Locks the file against other processes, until it is closed; false if that cannot be, because another holds it or because the
    /// file system knows no locks.
    func lock(waiting: Bool) -> Bool {
        retrying { flock(number, LOCK_EX | (waiting ? 0 : LOCK_NB)) } == 0
    }

    /// Whether the file still stands under some name.
    var hasName: Bool {
        var status = stat()
        return fstat(number, &status) == 0 && status.st_nlink > 0
    }

    /// Whether this is the file that stands at its path now, and no replacement of it, however alike. Since it is open, no other file can
    /// have been given its number meanwhile.
    package var isCurrent: Bool {
        var (own, current) = (stat(), stat())
        return fstat(number, &own) == 0 && stat(path, &current) == 0 && own.st_dev == current.st_dev
            && own.st_ino == current.st_ino
    }

    /// The bytes of a regular file; 0 of pipes and devices, which do not say.
    package var knownSize: Int {
        var status = stat()
        return fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    }

    /// The next bytes, at most `count` of them; none at the end of the file.
    package func read(atMost count: Int) throws(FileError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            let received = retrying { Glibc.read(number, buffer.baseAddress, count) }
            if received < 0 { failure = errno }
            initializedCount = max(0, received)
        }
        guard failure == 0 else { throw FileError(.read, path: path, code: failure) }
        return bytes
    }

    /// Whether there is something to read, or the end, without waiting.
    package var isReadable: Bool {
        var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return retrying { poll(&request, 1, 0) } > 0
    }

    /// Writes all of `bytes`.
    package func write(_ bytes: RawSpan) throws(FileError) {
        var written = 0
        while written < bytes.byteCount {
            let count = bytes.withUnsafeBytes { buffer in
                retrying { Glibc.write(number, buffer.baseAddress?.advanced(by: written), buffer.count - written) }
            }
            guard count >= 0 else { throw FileError(.save, path: path, code: errno) }
            written += count
        }
    }

    /// Writes in the place of what stands at `offset`.
    func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                retrying {
                    pwrite(number, buffer.baseAddress?.advanced(by: written), buffer.count - written, offset + written)
                }
            }
            guard count >= 0 else { throw FileError(.save, path: path, code: errno) }
            written += count
        }
    }

    /// Waits until what was written has reached the disk.
    ///
    /// Pipes, devices and some network directories have no disk to reach and answer `EINVAL`; that is no failure.
    package func synchronize() throws(FileError) {
        guard retrying({ Int(fsync(number)) }) < 0, errno != EINVAL, errno != ENOTSUP else { return }
        throw FileError(.save, path: path, code: errno)
    }
}

/// Repeats a system call while a signal interrupts it.
private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
