import Glibc

/// A file being written that appears under its name whole, or not at all.
///
/// Bytes go to a temporary file in the same directory. ``commit()`` flushes it to the disk and renames it over the
/// target, then flushes the directory, so a reader – and a machine that loses power – sees the old file or the new
/// one, never a part. A value dropped before it is committed, by an error or on purpose, removes the temporary file and
/// leaves the old one as it was.
///
/// While it is written, the temporary file is locked (`flock`). A process that is killed leaves it behind unlocked, so that
/// `removeAbandoned(in:)` can tell it from one that is still being written.
///
/// A symbolic link is followed and stays a link. A device or pipe (`/dev/null`) has no old contents to protect and is
/// written directly; `/dev/stdout` is this process's standard output, and what was written there before stays.
public struct AtomicFile: ~Copyable {
    private let path: String
    private let target: String
    /// The file to rename or remove; nothing once committed, and for devices.
    private var temporary: String?
    private let file: FileDescriptor

    /// Starts a new version of the file at `path`.
    ///
    /// - Throws: ``FileError`` when the directory does not exist or may not be written to, or `path` is a directory.
    public init(replacing path: String) throws(FileError) {
        // To open what it leads to, which may be a file, would begin at the beginning of that.
        if path == "/dev/stdout" {
            self.path = path
            self.target = path
            self.temporary = nil
            self.file = .standardOutput
            return
        }
        let existing = try FileStatus(of: path)
        let target = existing?.resolvedPath ?? path
        let temporary = existing?.isRegularFile == false ? nil : Self.temporaryName(beside: target)
        let file = try Self.open(path, temporary: temporary, permissions: existing?.permissions)
        self.path = path
        self.target = target
        self.temporary = temporary
        self.file = file
    }

    private static func open(
        _ path: String, temporary: String?, permissions: mode_t?
    ) throws(FileError) -> FileDescriptor {
        guard let temporary else { return try FileDescriptor(writing: path) }
        while true {
            let file = try FileDescriptor(creating: temporary, permissions: permissions, reportedPath: path)
            // Who tidies up between these two calls takes the file for an abandoned one: then it is made again.
            if !file.lock(waiting: true) || file.hasName { return file }
        }
    }

    deinit {
        if let temporary { _ = unlink(temporary) }
    }

    /// Writes the next piece.
    ///
    /// - Throws: ``FileError``, for example when the disk is full.
    public func write(_ bytes: RawSpan) throws(FileError) {
        try file.write(bytes)
    }

    /// Writes the next piece.
    ///
    /// - Throws: ``FileError``, for example when the disk is full.
    public func write(_ bytes: [UInt8]) throws(FileError) {
        try file.write(bytes.span.bytes)
    }

    /// Whether it is a file that will take the place of an old one, in which there is going back.
    package var isReplacement: Bool { temporary != nil }

    /// Writes in the place of the first bytes: what can only be said when the rest is there.
    ///
    /// - Throws: ``FileError``, for example where there is no going back, in a pipe.
    package func writeAgain(beginning bytes: [UInt8]) throws(FileError) {
        try file.write(bytes, at: 0)
    }

    /// Waits until what was written has reached the disk, without putting it in the place of the old file yet.
    ///
    /// - Throws: ``FileError``, for example when the disk is full.
    package func synchronize() throws(FileError) {
        try file.synchronize()
    }

    /// Takes the old file away, if there is one, before the new one comes.
    package func removeOld() throws(FileError) {
        guard temporary != nil else { return }
        try Directory.removeFile(target)
        try FileDescriptor(reading: Self.directory(of: target)).synchronize()
    }

    /// Puts what was written in the place of the old file.
    ///
    /// - Throws: ``FileError``; the old file is then still there, unless only flushing the directory failed.
    public consuming func commit() throws(FileError) {
        try file.synchronize()
        guard let temporary else { return }
        guard rename(temporary, target) == 0 else { throw FileError(.save, path: path, code: errno) }
        self.temporary = nil
        try FileDescriptor(reading: Self.directory(of: target)).synchronize()
    }

    /// Writes `bytes` as the whole new contents of the file at `path`.
    ///
    /// - Throws: ``FileError``; the old file is then still there.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let file = try AtomicFile(replacing: path)
        try file.write(bytes)
        try file.commit()
    }

    /// Removes what killed processes left half-written in the folder; files that are being written now stay.
    ///
    /// - Throws: ``FileError`` when the folder cannot be read or a file not be removed.
    package static func removeAbandoned(in directory: String) throws(FileError) {
        for name in try Directory.names(in: directory) where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
            let path = "\(directory)/\(name)"
            let file: FileDescriptor
            do { file = try FileDescriptor(reading: path) } catch { continue }  // it is gone, or someone else's
            if file.lock(waiting: false) { try Directory.removeFile(path) }
        }
    }

    /// Checks that a file can be written at `path`, for those who write after long work.
    ///
    /// - Throws: ``FileError`` with the reason if it cannot.
    public static func check(_ path: String) throws(FileError) {
        _ = try AtomicFile(replacing: path)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A name nobody else uses, in the target's own directory because a rename cannot cross file systems.
    private static func temporaryName(beside path: String) -> String {
        let number = UInt64.random(in: .min ... .max)
        return directory(of: path) + "/" + prefix + String(number, radix: 16) + suffix
    }

    private static let prefix = ".attention-"
    private static let suffix = ".partial"
}
