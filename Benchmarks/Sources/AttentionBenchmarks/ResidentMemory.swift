import Attention
import Glibc

/// How much memory the process holds, in MiB, as the kernel counts it.
enum ResidentMemory {
    struct Unavailable: Error {}

    /// Calls `work` three times and tells how far the memory of the process grew meanwhile, in `line`. Before, what waits for reuse is
    /// given back to the system.
    static func add(to line: inout Line, _ work: () throws -> Void) throws {
        TensorMemory.releaseUnused()
        try trimHeap()
        let before = try field("VmRSS:")
        try forgetPeak()
        for _ in 0..<3 { try work() }
        let peak = try field("VmHWM:")
        line["peak_rss_mb"] = .number(peak)
        line["baseline_rss_mb"] = .number(before)
        line["extra_rss_mb"] = .number(peak - before)
    }

    /// The most that the process has held.
    static func peak() throws -> Double { try field("VmHWM:") }

    /// glibc's malloc_trim, whose header Swift does not import.
    private static func trimHeap() throws {
        guard let symbol = dlsym(nil, "malloc_trim") else { throw Unavailable() }
        _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> Int32).self)(0)
    }

    private static func forgetPeak() throws {
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
