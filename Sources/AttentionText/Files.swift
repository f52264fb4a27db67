import Glibc

/// Whole files as bytes.
package enum Files {
    package static func read(_ path: String) throws(TokenizerError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .unreadableFile(path: path, reason: lastReason) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadableFile(path: path, reason: lastReason) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// Writes beside `path`, makes sure that the bytes are on disk, then takes the place of what was there.
    package static func write(_ bytes: [UInt8], to path: String) throws(TokenizerError) {
        let temporary = "\(path).\(UInt64.random(in: 0 ... .max)).new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .unwritableFile(path: path, reason: lastReason) }
        var failure = writeAll(bytes, to: file) && fsync(file) == 0 ? nil : lastReason
        if close(file) != 0, failure == nil { failure = lastReason }
        if failure == nil, rename(temporary, path) != 0 { failure = lastReason }
        guard let failure else { return }
        unlink(temporary)
        throw .unwritableFile(path: path, reason: failure)
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static var lastReason: String { String(cString: strerror(errno)) }
}
