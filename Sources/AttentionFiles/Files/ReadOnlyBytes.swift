internal import Glibc

/// Bytes that never change while this object lives: a mapped file, a copied array, or a constant of the program.
///
/// A mapped file is read by the system page by page as it is used. Replacing such a file by renaming, as `AtomicFile` does, leaves
/// the mapping as it was; a program that shortens the file in place takes the pages away from every reader.
package final class ReadOnlyBytes: Sendable {
    /// Sharing is safe: nothing writes to the bytes after `init`, and they are released in `deinit`.
    nonisolated(unsafe) private let bytes: UnsafeRawBufferPointer
    package let owner: BytesOwner

    package var count: Int { bytes.count }

    /// The contents of a file: mapped if it is a regular one, otherwise (a pipe, a device) read to the end.
    package init(contentsOf path: String) throws(FileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(.read, path: path, code: errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileError(.read, path: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            (bytes, owner) = (Self.copy(of: try FileContents.read(path)), .memory)
            return
        }
        guard let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED else {
            throw FileError(.read, path: path, code: errno)
        }
        (bytes, owner) = (UnsafeRawBufferPointer(start: start, count: Int(status.st_size)), .file)
    }

    /// A copy of an array.
    package init(_ array: [UInt8]) {
        (bytes, owner) = (Self.copy(of: array), .memory)
    }

    /// Bytes that are part of the program: they live for ever.
    package init(permanent bytes: UnsafeRawBufferPointer) {
        (self.bytes, owner) = (bytes, .program)
    }

    deinit {
        switch owner {
        case .file: munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        case .memory: bytes.deallocate()
        case .program: break
        }
    }

    private static func copy(of array: [UInt8]) -> UnsafeRawBufferPointer {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: array.count, alignment: 64)
        buffer.copyBytes(from: array)
        return UnsafeRawBufferPointer(buffer)
    }

    /// Lets the system take back the memory that holds these bytes of a mapped file; whoever looks at them again has them read again.
    /// What was copied stays as it is.
    package func forgetPages(in range: Range<Int>) {
        guard owner == .file, let start = bytes.baseAddress else { return }
        let page = Int(getpagesize())
        let first = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound / page * page
        if first < end { madvise(UnsafeMutableRawPointer(mutating: start + first), end - first, MADV_DONTNEED) }
    }

    /// Lends a part of the bytes.
    /// - Precondition: the range lies within them.
    package func withBytes<Result, Failure>(
        in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withExtendedLifetime(self) { () throws(Failure) in try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
    }
}
