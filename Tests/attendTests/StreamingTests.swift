import Foundation
import Testing

/// Commands that answer lines of standard input: in order, as soon as a batch has come, with as much memory for many lines as for few.
@Suite struct StreamingTests {
    /// A command that reads lines as they come and answers each with a line.
    private static func commands() throws -> [[String]] {
        let tasks = [("embed", "vectors"), ("classify", "classes"), ("fill-mask", "words")].map { task, model in
            [task, "--json", "--model", TaskCommandTests.root + model, "--threads", "1"]
        }
        return tasks + [
            ["tokenize", "--model", TaskCommandTests.root + "words"],
            ["translate", "--model", try TinyModel.folder.get().path, "--threads", "1"],
        ]
    }

    private static func line(_ index: Int, of command: String) -> String {
        command == "fill-mask" ? "The [MASK] sleeps." : index % 3 == 0 ? "The cat sleeps." : "A dog runs."
    }

    @Test func answersComeBeforeTheInputEnds() throws {
        for arguments in try Self.commands() {
            let process = Process()
            let (input, output) = (Pipe(), Pipe())
            process.executableURL = Command.executable
            process.arguments = arguments
            (process.standardInput, process.standardOutput, process.standardError) = (
                input, output, FileHandle.nullDevice
            )
            try process.run()
            let batch = (0..<256).map { Self.line($0, of: arguments[0]) + "\n" }.joined()
            var (peaks, answers): ([Int], Data) = ([], Data())
            for count in 1...4 {
                try input.fileHandleForWriting.write(contentsOf: Data(batch.utf8))
                // The answers to a batch come while the next has not been written.
                while answers.count(where: { $0 == UInt8(ascii: "\n") }) < 256 * count {
                    let piece = output.fileHandleForReading.availableData
                    if piece.isEmpty { break }
                    answers += piece
                }
                peaks.append(try Self.peakMemory(of: process.processIdentifier))
            }
            try input.fileHandleForWriting.close()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(arguments)")
            let lines = String(decoding: answers, as: UTF8.self).split(separator: "\n")
            #expect(lines.count == 1024, "\(arguments): \(lines.count)")
            // In order: equal lines have equal answers, each where it was asked.
            for index in lines.indices where arguments[0] != "fill-mask" {
                let twin = index % 256 % 3 == 0 ? 0 : 1
                #expect(lines[index] == lines[twin], "\(arguments), line \(index)")
            }
            // What three batches more have taken beyond the second is noise: 8 MB of some hundred.
            #expect(peaks[3] - peaks[1] < 8 << 10, "\(arguments): \(peaks) kB")
        }
    }

    /// The most memory that a process has had so far, in kB.
    private static func peakMemory(of process: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return try #require(line.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? nil)
    }

    @Test func vectorsGoIntoAFile() throws {
        let folder = try TemporaryFolder()
        let texts = (0..<300).map { Self.line($0, of: "embed") }.joined(separator: "\n")
        let model = ["embed", "--model", TaskCommandTests.root + "vectors", "--threads", "1"]
        let printed = try Command.run(model, input: Data(texts.utf8))
        let numbers = printed.output.split(whereSeparator: \.isWhitespace).compactMap { Float($0) }
        for name in ["vectors.npy", "vectors.safetensors"] {
            let command = try Command.run(model + ["--output", folder.path(name)], input: Data(texts.utf8))
            #expect(command.status == 0 && command.output.isEmpty, "\(command.errors)")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
            let header = String(decoding: bytes.prefix(256), as: UTF8.self)
            #expect(header.contains(name.hasSuffix("npy") ? "'shape': (300, 5)" : "\"shape\":[300,5]"), "\(header)")
            #expect(bytes.count == 256 + numbers.count * 4)
            let found = bytes.dropFirst(256).withUnsafeBytes { raw in
                (0..<numbers.count).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
            #expect(found == numbers)
        }
        let other = try Command.run(model + ["--output", folder.path("vectors.txt")], input: Data())
        #expect(other.status == 64 && other.errors.contains("ending in .npy or .safetensors"), "\(other.errors)")
    }
}
