/// The output of decompression: an array that grows ahead of what is written and never past the caller's limit.
struct InflatedBytes {
    /// Room for the longest match, so that a decoder checks for space once per symbol.
    static let spareCount = 258

    /// The bytes written so far are the first ``count`` of these.
    var storage: [UInt8]
    /// How many bytes are written.
    var count = 0
    private let limit: Int

    init(expecting byteCount: Int, limit: Int) {
        self.limit = max(0, min(limit, Int.max / 4))
        storage = [UInt8](repeating: 0, count: min(byteCount, self.limit) + Self.spareCount)
    }

    /// Makes room for at least one match more.
    mutating func grow() throws(GzipError) {
        guard count <= limit else { throw .tooLarge(limit: limit) }
        let target = min(2 * storage.count, limit + Self.spareCount)
        storage += repeatElement(0, count: max(0, target - storage.count))
    }

    /// Appends stored bytes.
    mutating func append(_ bytes: ArraySlice<UInt8>) throws(GzipError) {
        guard bytes.count <= limit - count else { throw .tooLarge(limit: limit) }
        while storage.count - count < bytes.count { try grow() }
        storage.replaceSubrange(count..<count + bytes.count, with: bytes)
        count += bytes.count
    }

    /// The finished array.
    consuming func finish() throws(GzipError) -> [UInt8] {
        guard count <= limit else { throw .tooLarge(limit: limit) }
        storage.removeLast(storage.count - count)
        return storage
    }
}
