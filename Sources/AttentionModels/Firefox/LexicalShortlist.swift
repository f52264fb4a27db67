public import AttentionFiles

/// Which words of the target a source can bring about at all, by the statistics of a lexical translation table: what stands in Firefox's
/// `lex.*.s2t.bin`.
///
/// The candidates of a sentence are the first few ids, which are always possible, with those that the table has for each of its ids;
/// then, as the engines do whose products want it, the next ids until they are a multiple of 8.
///
/// The layout, all numbers little-endian: a magic number, a checksum that nothing says how to compute, how many first ids are always possible, how many
/// entries an id has at most, the number of offsets and of entries (u64 each); the offsets (u64), from which to which entry each source id has; the
/// entries, target ids (u32).
public struct LexicalShortlist: Sendable {
    /// How many ids are always possible.
    public let firstCount: Int
    /// V.
    public let vocabularySize: Int
    private let bytes: ReadOnlyBytes
    private let offsets: Int
    private let entries: Int
    private let entryCount: Int

    private static let magic: UInt64 = 0xF11A_48D5_0134_17F5
    private static let headerSize = 48

    /// Opens the file at `path`; it is mapped, not read.
    /// - Throws: `LexicalShortlistError` if it cannot be read or is not a whole file of this kind.
    public init(path: String) throws(LexicalShortlistError) {
        let bytes: ReadOnlyBytes
        do { bytes = try ReadOnlyBytes(contentsOf: path) } catch { throw .file(error) }
        try self.init(bytes, source: path)
    }

    /// Reads a file's contents from memory; errors call them `source`.
    /// - Throws: `LexicalShortlistError` if they are not a whole file of this kind.
    public init(_ bytes: [UInt8], source: String) throws(LexicalShortlistError) {
        try self.init(ReadOnlyBytes(bytes), source: source)
    }

    private init(_ bytes: ReadOnlyBytes, source: String) throws(LexicalShortlistError) {
        func malformed(_ expected: String, _ found: String) -> LexicalShortlistError {
            .malformed(source: source, expected: expected, found: found)
        }
        guard bytes.count >= Self.headerSize else { throw malformed("\(Self.headerSize) bytes", "\(bytes.count)") }
        func number(_ index: Int) -> UInt64 {
            bytes.withBytes(in: 8 * index..<8 * index + 8) { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        }
        guard number(0) == Self.magic else {
            throw malformed("the magic number of a shortlist", "0x" + String(number(0), radix: 16))
        }
        let (offsetCount, entryCount) = (number(4), number(5))
        let limit = UInt64(bytes.count)
        guard offsetCount >= 1, offsetCount <= limit / 8, entryCount <= limit / 4,
            UInt64(Self.headerSize) + 8 * offsetCount + 4 * entryCount == limit
        else {
            throw malformed("as many bytes as \(offsetCount) offsets and \(entryCount) entries take", "\(bytes.count)")
        }
        guard number(2) < offsetCount else { throw malformed("first ids of the vocabulary", "\(number(2))") }
        firstCount = Int(number(2))
        vocabularySize = Int(offsetCount) - 1
        (self.bytes, self.entryCount) = (bytes, Int(entryCount))
        offsets = Self.headerSize
        entries = Self.headerSize + 8 * Int(offsetCount)
        try check(source)
    }

    /// Offsets must not go back or point behind the entries, and entries must be ids.
    private func check(_ source: String) throws(LexicalShortlistError) {
        var previous = 0
        for index in 0...vocabularySize {
            let offset = self.offset(index)
            guard offset >= previous, offset <= entryCount else {
                throw .malformed(
                    source: source, expected: "offset \(index) of \(previous) to \(entryCount)", found: "\(offset)")
            }
            previous = offset
        }
        let largest = bytes.withBytes(in: entries..<entries + 4 * entryCount) { bytes in
            (0..<entryCount).reduce(UInt32(0)) {
                max($0, UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $1, as: UInt32.self)))
            }
        }
        guard entryCount == 0 || Int(largest) < vocabularySize else {
            throw .malformed(source: source, expected: "target ids below \(vocabularySize)", found: "\(largest)")
        }
    }

    private func offset(_ index: Int) -> Int {
        let start = offsets + 8 * index
        return bytes.withBytes(in: start..<start + 8) {
            Int(truncatingIfNeeded: UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)))
        }
    }

    private func entry(_ index: Int) -> Int {
        let start = entries + 4 * index
        return bytes.withBytes(in: start..<start + 4) { Int(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))) }
    }

    /// The ids that may be written for a source, ascending. Ids of the source that the table does not have bring about nothing.
    public func candidates(for source: [Int]) -> [Int] {
        var isCandidate = [Bool](repeating: false, count: vocabularySize)
        for id in 0..<firstCount { isCandidate[id] = true }
        for id in source where (0..<vocabularySize).contains(id) {
            for index in offset(id)..<offset(id + 1) { isCandidate[entry(index)] = true }
        }
        var count = isCandidate.count { $0 }
        var next = firstCount
        while count % 8 != 0, next < vocabularySize {
            if !isCandidate[next] {
                isCandidate[next] = true
                count += 1
            }
            next += 1
        }
        return isCandidate.indices.filter { isCandidate[$0] }
    }
}

/// A shortlist that cannot be used.
public enum LexicalShortlistError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system refused.
    case file(FileError)
    /// The bytes are not a shortlist, or not a whole one.
    case malformed(source: String, expected: String, found: String)
    /// The shortlist is of another vocabulary than the model.
    case vocabulary(shortlist: Int, model: Int)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .malformed(let source, let expected, let found):
            "shortlist: expected \(expected) in \(source), found \(found); copy the file again, or translate without it"
        case .vocabulary(let shortlist, let model):
            "shortlist: expected one for the model's \(model) words, found one for \(shortlist); take the file that belongs "
                + "to the model, or translate without it"
        }
    }
}
