/// Reads a stream of text line by line, as it arrives.
///
/// A bad line is an answer and not an end: the reader reports it and goes on with the next. At most ``byteLimit`` bytes
/// of a line and one piece of input are held, whatever the stream's length. Lines end with LF or CR LF; the last may
/// end with the stream.
///
/// Who works on many lines at once takes those that are there, and waits for no more: `next(upTo:byteCount:)`.
public struct LineReader: ~Copyable {
    /// A line, or what is wrong with it.
    public enum Line: Hashable, Sendable {
        /// The line without its end.
        case line(String)
        /// The line cannot be used.
        case invalid(Reason)
    }

    /// Why a line cannot be used.
    public enum Reason: Hashable, Sendable {
        /// The byte at this offset does not belong to UTF-8 text.
        case invalidUTF8(byte: Int)
        /// The line is longer than the reader's limit.
        case tooLong(byteLimit: Int)
    }

    /// Longer lines are not kept but reported.
    public let byteLimit: Int
    private let nextPiece: () throws(FileError) -> [UInt8]
    private let isReady: () -> Bool
    private var piece: ArraySlice<UInt8> = []
    private var hasEnded = false
    /// What has come of the line, as far as it is kept, and how many bytes have come.
    private var line: (bytes: [UInt8], byteCount: Int) = ([], 0)

    /// Reads from any source of bytes.
    ///
    /// - Parameters:
    ///   - byteLimit: The length of the longest line to accept, its end not counted.
    ///   - isReady: Whether `nextPiece` would return at once; unless given, it may always have to wait.
    ///   - nextPiece: Returns the bytes that come next, and none at the end of the stream.
    public init(
        byteLimit: Int = 1 << 16, isReady: @escaping () -> Bool = { false },
        nextPiece: @escaping () throws(FileError) -> [UInt8]
    ) {
        self.byteLimit = byteLimit
        self.isReady = isReady
        self.nextPiece = nextPiece
    }

    /// Reads from the process's standard input, taking what is there without waiting for more.
    public static func standardInput(byteLimit: Int = 1 << 16) -> LineReader {
        LineReader(
            byteLimit: byteLimit, isReady: { FileDescriptor.standardInput.isReadable },
            nextPiece: { () throws(FileError) in try FileDescriptor.standardInput.read(atMost: 1 << 16) })
    }

    /// The next line; `nil` at the end of the stream.
    ///
    /// - Throws: ``FileError`` when the stream cannot be read.
    public mutating func next() throws(FileError) -> Line? {
        while try fill() {
            if takeLine() { return finished() }
        }
        return line.byteCount > 0 ? finished() : nil
    }

    /// The next line, waited for, and those behind it that are there without waiting: at most `count`, and no more once they have
    /// `byteCount` bytes together. None at the end of the stream.
    ///
    /// - Throws: ``FileError`` when the stream cannot be read.
    public mutating func next(upTo count: Int, byteCount: Int) throws(FileError) -> [Line] {
        guard let first = try next() else { return [] }
        var (lines, bytes) = ([first], first.byteCount)
        while lines.count < count, bytes < byteCount, try hasLine(), let line = try next() {
            lines.append(line)
            bytes += line.byteCount
        }
        return lines
    }

    /// Whether the next line, or the end of the stream, is there without waiting.
    private mutating func hasLine() throws(FileError) -> Bool {
        while !hasEnded, !piece.contains(UInt8(ascii: "\n")) {
            guard isReady() else { return false }
            _ = takeLine()
            _ = try fill()
        }
        return true
    }

    /// Moves what the piece has of the line; true if that is all of it.
    private mutating func takeLine() -> Bool {
        let end = piece.firstIndex(of: UInt8(ascii: "\n"))
        let part = piece[..<(end ?? piece.endIndex)]
        line.byteCount += part.count
        // One byte more than allowed is kept: it may be the CR of the line's end.
        line.bytes += part.prefix(max(0, byteLimit + 1 - line.bytes.count))
        piece = piece[part.endIndex...].dropFirst()
        return end != nil
    }

    /// Makes sure there are bytes to look at; false at the end of the stream.
    private mutating func fill() throws(FileError) -> Bool {
        if piece.isEmpty, !hasEnded {
            piece = try nextPiece()[...]
            hasEnded = piece.isEmpty
        }
        return !piece.isEmpty
    }

    private mutating func finished() -> Line {
        let (bytes, byteCount) = line
        line = ([], 0)
        guard byteCount == bytes.count else { return .invalid(.tooLong(byteLimit: byteLimit)) }
        let line = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...]
        guard line.count <= byteLimit else { return .invalid(.tooLong(byteLimit: byteLimit)) }
        do {
            return .line(String(copying: try UTF8Span(validating: line.span)))
        } catch {
            return .invalid(.invalidUTF8(byte: error.byteOffsets.lowerBound))
        }
    }
}

extension LineReader.Line {
    /// How many bytes it holds.
    fileprivate var byteCount: Int {
        switch self {
        case .line(let text): text.utf8.count
        case .invalid: 0
        }
    }
}

extension LineReader.Reason: CustomStringConvertible {
    /// What is wrong, to follow the line's number.
    public var description: String {
        switch self {
        case .invalidUTF8(let byte):
            "expected UTF-8 text, found byte \(byte + 1) of the line not to fit; convert the text to UTF-8"
        case .tooLong(let byteLimit):
            "expected at most \(byteLimit) bytes, found more; split the line"
        }
    }
}
