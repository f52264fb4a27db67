import Attention
internal import Glibc

/// How much of the machine's memory the process holds.
enum ResidentMemory {
    /// Bytes; nil where the system does not say.
    static var byteCount: Int? {
        guard let bytes = try? FileContents.read("/proc/self/statm") else { return nil }
        let pages = String(decoding: bytes, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return pages.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
    }
}
