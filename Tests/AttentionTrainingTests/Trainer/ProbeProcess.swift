import AttentionFiles
import Foundation

/// A training in another process.
final class ProbeProcess {
    private let process = Process()
    private let output = Pipe()
    private var unread = Data()

    /// Starts `TrainingProbe` on a folder; with a limit, no file it writes can grow beyond so many blocks of 512 or 1024 bytes.
    init(_ folder: String, updates: Int, size: Int = 16, hanging: Bool = false, fileLimit: Int? = nil) throws {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let probe = tests.deletingLastPathComponent().appendingPathComponent("TrainingProbe").path
        let arguments = [folder, "\(updates)", "\(size)"] + (hanging ? ["hang"] : [])
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // A write beyond the limit shall fail (EFBIG), not end the process (SIGXFSZ, number 25).
        let limit = fileLimit.map { "trap '' 25; ulimit -f \($0); " } ?? ""
        process.arguments = ["-c", limit + "exec \"$0\" \"$@\"", probe] + arguments
        process.standardOutput = output
        try process.run()
    }

    /// The next line it prints; nil when it has ended.
    func line() -> String? {
        while true {
            if let end = unread.firstIndex(of: 10) {
                defer { unread = Data(unread[unread.index(after: end)...]) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            unread += more
        }
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end: all remaining lines and the exit code, or minus the signal that ended it.
    func finish() -> (lines: [String], status: Int32) {
        var lines: [String] = []
        while let line = line() { lines.append(line) }
        process.waitUntilExit()
        let status = process.terminationStatus
        return (lines, process.terminationReason == .uncaughtSignal ? -status : status)
    }
}
