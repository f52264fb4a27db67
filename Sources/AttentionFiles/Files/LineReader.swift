/// Reads a stream of text line by line, as it arrives.
///
/// A bad line is an answer and not an end: the reader reports it and goes on with the next. At most ``byteLimit`` bytes
/// of a line and one piece of input are held, whatever the stream's length. Lines end with LF or CR LF; the last may
/// end with the stream.
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
    private var piece: ArraySlice<UInt8> = []
    private var hasEnded = false

    /// Reads from any source of bytes.
    ///
    /// - Parameters:
    ///   - byteLimit: The length of the longest line to accept, its end not counted.
    ///   - nextPiece: Returns the bytes that come next, and none at the end of the stream.
    public init(byteLimit: Int = 1 << 16, nextPiece: @escaping () throws(FileError) -> [UInt8]) {
        self.byteLimit = byteLimit
        self.nextPiece = nextPiece
    }

    /// Reads from the process's standard input, taking what is there without waiting for more.
    public static func standardInput(byteLimit: Int = 1 << 16) -> LineReader {
        LineReader(byteLimit: byteLimit) { () throws(FileError) in
            try FileDescriptor.standardInput.read(atMost: 1 << 16)
        }
    }

    /// The next line; `nil` at the end of the stream.
    ///
    /// - Throws: ``FileError`` when the stream cannot be read.
    public mutating func next() throws(FileError) -> Line? {
        var line: [UInt8] = []
        var byteCount = 0
        while try fill() {
            let end = piece.firstIndex(of: UInt8(ascii: "\n"))
            let part = piece[..<(end ?? piece.endIndex)]
            byteCount += part.count
            // One byte more than allowed is kept: it may be the CR of the line's end.
            line += part.prefix(max(0, byteLimit + 1 - line.count))
            piece = piece[part.endIndex...].dropFirst()
            if end != nil { return finished(line, byteCount: byteCount) }
        }
        return byteCount > 0 ? finished(line, byteCount: byteCount) : nil
    }

    /// Makes sure there are bytes to look at; false at the end of the stream.
    private mutating func fill() throws(FileError) -> Bool {
        if piece.isEmpty, !hasEnded {
            piece = try nextPiece()[...]
            hasEnded = piece.isEmpty
        }
        return !piece.isEmpty
    }

    private func finished(_ bytes: [UInt8], byteCount: Int) -> Line {
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
