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

    private static var lastReason: String { String(cString: strerror(errno)) }
}
