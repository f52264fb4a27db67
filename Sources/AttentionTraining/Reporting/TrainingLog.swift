package import AttentionTensors
internal import FoundationEssentials
internal import Glibc

/// The history of a training as JSON lines: one `TrainingEvent` per line, written the moment it happens.
public final class TrainingLog {
    private let path: String
    private let descriptor: Int32
    /// How long the log is, in bytes.
    package private(set) var length: Int

    /// Opens the log for appending after its first `length` bytes; what a crashed run wrote beyond its last checkpoint is cut off.
    ///
    /// - Throws: `FileError` if the file cannot be written, `TrainingError.damagedLog` if what it keeps is no log: better now than when
    ///   the training is done.
    package init(path: String, keeping length: Int) throws {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, mode_t(0o666))
        guard descriptor >= 0 else { throw FileError(.save, path: path, code: errno) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        self.length = max(0, min(size, length))
        // A pipe or device cannot be cut, and keeps nothing either.
        if size > self.length, ftruncate(descriptor, self.length) != 0, errno != EINVAL {
            throw FileError(.save, path: path, code: errno)
        }
        if self.length > 0 { _ = try Self.events(in: path) }
    }

    deinit { close(descriptor) }

    /// Writes one line. It survives the end of the process, however that comes.
    package func append(_ event: TrainingEvent) throws {
        var line = [UInt8](try TrainingJSON.encoder.encode(event))
        line.append(UInt8(ascii: "\n"))
        var written = 0
        while written < line.count {
            let count = line.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(.save, path: path, code: errno) }
            written += count
        }
        length += written
    }

    /// Waits until all lines have reached the disk.
    package func synchronize() throws(FileError) {
        guard fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP else { return }
        throw FileError(.save, path: path, code: errno)
    }

    /// The events in a log, oldest first.
    ///
    /// - Throws: `FileError` if the file cannot be read, `TrainingError.damagedLog` if a line is not an event.
    public static func events(in path: String) throws -> [TrainingEvent] {
        let lines = try FileContents.read(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let decoder = TrainingJSON.decoder
        return try lines.enumerated().compactMap { index, line in
            guard !line.isEmpty else { return nil }
            do {
                return try decoder.decode(TrainingEvent.self, from: Data(line))
            } catch {
                throw TrainingError.damagedLog(path: path, line: index + 1)
            }
        }
    }
}

/// JSON with sorted keys, so that the same value is always the same bytes, and with names for numbers that are not finite.
enum TrainingJSON {
    static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return encoder
    }

    static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }
}
