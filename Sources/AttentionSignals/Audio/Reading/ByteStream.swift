internal import AttentionFiles

/// Bytes that arrive piece by piece, of which those are held that nobody has used yet.
struct ByteStream {
    private let nextPiece: () throws(FileError) -> [UInt8]
    /// What has come and is not used yet.
    private(set) var bytes: [UInt8] = []
    /// How many bytes were used.
    private(set) var usedCount = 0
    private var hasEnded = false

    /// - Parameter nextPiece: Returns the bytes that come next, and none at the end.
    init(nextPiece: @escaping () throws(FileError) -> [UInt8]) { self.nextPiece = nextPiece }

    /// The bytes of an array, a small piece at a time: what is used can then be let go without moving all the rest.
    init(_ bytes: [UInt8]) {
        let pieceSize = 1 << 16
        var rest = bytes[...]
        self.init { () throws(FileError) in
            defer { rest = rest.dropFirst(pieceSize) }
            return Array(rest.prefix(pieceSize))
        }
    }

    /// How many bytes have come so far.
    var receivedCount: Int { usedCount + bytes.count }

    /// Waits for more; false at the end.
    mutating func extend() throws(SignalError) -> Bool {
        if hasEnded { return false }
        let piece: [UInt8]
        do { piece = try nextPiece() } catch { throw .file(error) }
        hasEnded = piece.isEmpty
        bytes += piece
        return !hasEnded
    }

    /// Waits until so many bytes are held; false if the end comes before.
    @discardableResult
    mutating func fill(_ count: Int) throws(SignalError) -> Bool {
        while bytes.count < count {
            guard try extend() else { return false }
        }
        return true
    }

    /// Lets go of so many bytes, of which some may still have to come; false if there are not so many.
    @discardableResult
    mutating func drop(_ count: Int) throws(SignalError) -> Bool {
        var count = count
        while count > bytes.count {
            count -= bytes.count
            usedCount += bytes.count
            bytes = []
            guard try extend() else { return false }
        }
        bytes.removeFirst(count)
        usedCount += count
        return true
    }
}
