package import AttentionFiles

/// The history of a training as JSON lines: one `TrainingEvent` per line, written the moment it happens.
public final class TrainingLog {
    private let file: AppendingFile

    /// How long the log is, in bytes.
    package var length: Int { file.length }

    /// Opens the log for appending after its first `length` bytes; what a crashed run wrote beyond its last checkpoint is cut off.
    ///
    /// - Throws: `FileError` if the file cannot be written, `TrainingError.damagedLog` if what it keeps is no log: better now than when
    ///   the training is done.
    package init(path: String, keeping length: Int) throws {
        file = try AppendingFile(path: path, keeping: length)
        if file.length > 0 { _ = try Self.events(in: path) }
    }

    /// Writes one line. It survives the end of the process, however that comes.
    package func append(_ event: TrainingEvent) throws {
        try file.append(Array((try JSONEncoding.text(of: event, numbers: .named) + "\n").utf8))
    }

    /// Waits until all lines have reached the disk.
    package func synchronize() throws(FileError) { try file.synchronize() }

    /// The events in a log, oldest first.
    ///
    /// - Throws: `FileError` if the file cannot be read, `TrainingError.damagedLog` if a line is not an event.
    public static func events(in path: String) throws -> [TrainingEvent] {
        let lines = try FileContents.read(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return try lines.enumerated().compactMap { index, line in
            guard !line.isEmpty else { return nil }
            do {
                return try JSONDecoding.decode(TrainingEvent.self, from: Array(line), numbers: .named)
            } catch {
                throw TrainingError.damagedLog(path: path, line: index + 1)
            }
        }
    }
}
