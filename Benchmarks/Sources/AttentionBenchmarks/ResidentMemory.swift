import Glibc

/// How much memory the process holds, in MiB, as the kernel counts it.
enum ResidentMemory {
    struct Unavailable: Error {}

    static func now() throws -> Double { try field("VmRSS:") }

    /// The most since the start, or since the peak was forgotten.
    static func peak() throws -> Double { try field("VmHWM:") }

    static func forgetPeak() throws {
        guard let file = fopen("/proc/self/clear_refs", "w") else { throw Unavailable() }
        fputs("5", file)
        guard fclose(file) == 0 else { throw Unavailable() }
    }

    private static func field(_ name: String) throws -> Double {
        guard let file = fopen("/proc/self/status", "r") else { throw Unavailable() }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, 256, file) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                .split(whereSeparator: \.isWhitespace)
            if words.count > 1, words[0] == name, let kibibytes = Double(words[1]) { return kibibytes / 1024 }
        }
        throw Unavailable()
    }
}
