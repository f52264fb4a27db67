import Foundation
import Glibc

/// `attend-server` as a process, beside the test bundle where the build puts it.
final class ServerProcess: Sendable {
    let port: Int
    private let process: UncheckedProcess
    private let log: String

    /// Starts it, and returns once it listens.
    init(_ arguments: String...) throws {
        log = NSTemporaryDirectory() + "attend-server-" + UUID().uuidString
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let (output, process) = (Pipe(), Process())
        process.executableURL = Self.executable
        process.arguments = ["--port", "0"] + arguments
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: log)
        try process.run()
        self.process = UncheckedProcess(process)
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = Int(line.split(separator: " ").last?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "") ?? 0
    }

    deinit {
        if process.value.isRunning { kill(process.value.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(atPath: log)
    }

    private static let executable = {
        var directory = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        while directory.path != "/", !FileManager.default.isExecutableFile(atPath: directory.path + "/attend-server") {
            directory.deleteLastPathComponent()
        }
        return directory.appendingPathComponent("attend-server")
    }()

    /// What it has logged.
    var errors: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }
    var isRunning: Bool { process.value.isRunning }

    func signal(_ number: Int32) { kill(process.value.processIdentifier, number) }

    /// Its exit code, once it has ended.
    func status() -> Int32 {
        process.value.waitUntilExit()
        return process.value.terminationStatus
    }

    /// The whole answer to a request on a connection of its own.
    func answer(_ request: String) async throws -> String {
        let socket = try RawSocket(port)
        try socket.send(Array(request.utf8))
        return await socket.receiveAll()
    }

    func get(_ path: String) async throws -> String {
        try await answer("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    }

    static func post(_ path: String, _ body: String, connection: String = "close") -> [UInt8] {
        Array(
            ("POST \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: \(connection)\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
    }
}

/// Used by one test at a time.
private struct UncheckedProcess: @unchecked Sendable {
    let value: Process
    init(_ value: Process) { self.value = value }
}

/// A connection of bytes, with no manners.
final class RawSocket: Sendable {
    private let descriptor: Int32

    init(_ port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends all of it, or as much as the other side takes.
    func send(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            done += count
        }
    }

    /// Says that nothing more comes.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Goes without a word.
    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// What comes next; empty at the end.
    func receive() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return Array(buffer.prefix(max(0, count)))
    }

    /// All until the other side closes. Waits on a thread of its own, so that other tests go on.
    func receiveAll() async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var bytes: [UInt8] = []
                while true {
                    let more = self.receive()
                    guard !more.isEmpty else { break }
                    bytes += more
                }
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}

/// Commands as people type them.
enum Shell {
    /// What a line writes.
    static func output(of line: String) throws -> String {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return output
    }
}
