import Foundation
import Testing

/// The command as a process, beside the test bundle where the build puts it.
struct Command {
    var output = ""
    var errors = ""
    var status: Int32 = -1

    static let executable = {
        var directory = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        while directory.path != "/", !FileManager.default.isExecutableFile(atPath: directory.path + "/attend") {
            directory.deleteLastPathComponent()
        }
        return directory.appendingPathComponent("attend")
    }()

    /// The command of those who study mechanisms, beside it.
    static let laboratory = executable.deletingLastPathComponent().appendingPathComponent("attend-lab")

    /// Runs `attend` with these arguments and this standard input, to its end.
    static func run(_ arguments: String..., input: Data = Data()) throws -> Command {
        try run(arguments, input: input)
    }

    /// Runs a script of the shell, in which $0 is `attend`.
    static func shell(_ script: String, _ arguments: [String] = [], input: Data = Data()) throws -> Command {
        try run(
            ["-c", script, executable.path] + arguments, input: input,
            program: URL(fileURLWithPath: "/bin/sh"))
    }

    /// With `output`, results go to that device and are not collected.
    static func run(
        _ arguments: [String], input: Data = Data(), environment: [String: String] = [:], output: String? = nil,
        program: URL = executable
    ) throws -> Command {
        let folder = try TemporaryFolder()
        for name in ["in", "out", "err"] {
            try (name == "in" ? input : Data()).write(to: URL(fileURLWithPath: folder.path(name)))
        }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle(forReadingAtPath: folder.path("in"))
        process.standardOutput = FileHandle(forWritingAtPath: output ?? folder.path("out"))
        process.standardError = FileHandle(forWritingAtPath: folder.path("err"))
        try process.run()
        process.waitUntilExit()
        return Command(
            output: try String(contentsOfFile: folder.path("out"), encoding: .utf8),
            errors: try String(contentsOfFile: folder.path("err"), encoding: .utf8), status: process.terminationStatus)
    }

    /// Runs `attend`, sends it this signal as soon as there is a file `path`, and gives its status at its end, or nil if the signal killed it.
    ///
    /// What it tells goes into a pipe that nobody reads before the signal and that has room for half a kilobyte: who has more to tell
    /// waits there, so that it cannot have ended before, however busy the machine is.
    static func interrupt(_ arguments: [String], by signal: Int32, when path: String) throws -> Int32? {
        let (pipe, process) = (Pipe(), Process())
        let page: Int32 = 4_096
        let setsSize: Int32 = 1_031  // F_SETPIPE_SZ, which the C library's module leaves out
        try #require(fcntl(pipe.fileHandleForWriting.fileDescriptor, setsSize, page) == page)
        try pipe.fileHandleForWriting.write(contentsOf: Data(count: Int(page) - 512))
        process.executableURL = executable
        process.arguments = arguments
        process.standardError = pipe
        try process.run()
        for _ in 0..<12_000 where !FileManager.default.fileExists(atPath: path) && process.isRunning { usleep(5_000) }
        kill(process.processIdentifier, signal)
        _ = try pipe.fileHandleForReading.readToEnd()
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }
}

/// A folder that is removed with its last owner.
final class TemporaryFolder: Sendable {
    let root: String

    init() throws {
        root = NSTemporaryDirectory() + "attend-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { root + "/" + name }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }
}
