import AttentionFiles

/// The pieces of a model and their ids.
package struct Vocabulary: Sendable {
    private var index: PieceIndex
    /// The id of each entry of the index.
    private var ids: [Int32] = []
    private var entries: EntriesByID

    package init(capacity: Int = 0) {
        index = PieceIndex(capacity: capacity)
        entries = EntriesByID(capacity: capacity)
        ids.reserveCapacity(capacity)
    }

    /// The vocabulary whose ids are the positions in `pieces`.
    package init(_ pieces: [String]) {
        self.init(capacity: pieces.count)
        for (id, piece) in pieces.enumerated() { insert(ArraySlice(piece.utf8), id: id) }
    }

    /// The vocabulary whose ids are the positions of the strings of a table.
    init(positionsIn table: JSONTable) {
        self.init(table, ids: Array(0..<Int32(table.ends.count)))
    }

    /// Reads `{"piece": id, …}`.
    init(_ members: JSONTable, stage: String) throws(TokenizerError) {
        if let wrong = members.numbers.firstIndex(where: { Int32(exactly: $0).map { $0 < 0 } ?? true }) {
            throw .invalidField(
                stage: stage, field: String(decoding: members.string(wrong), as: UTF8.self),
                expected: StageFields.countDescription,
                found: JSONValue.number(JSONNumber(members.numbers[wrong])).summary)
        }
        self.init(members, ids: members.numbers.map { Int32($0) })
        let pieceCount = index.count - index.superseded.count
        guard entries.count == pieceCount else {
            throw .invalidField(
                stage: stage, field: "vocab", expected: "an id of its own for each of the \(pieceCount) pieces",
                found: "\(entries.count) ids")
        }
    }

    private init(_ table: JSONTable, ids: [Int32]) {
        (index, self.ids) = (PieceIndex(table), ids)
        entries = EntriesByID(ids, without: index.superseded)
    }

    /// One more than the largest id.
    package var count: Int { entries.lastID.map { Int($0) + 1 } ?? 0 }

    /// Gives `piece` this id; a later one replaces an earlier one.
    package mutating func insert(_ piece: ArraySlice<UInt8>, id: Int) {
        let entry = index.insert(piece)
        if entry == ids.count {
            ids.append(Int32(id))
        } else {
            entries.remove(ids[entry], of: Int32(entry))
            ids[entry] = Int32(id)
        }
        entries.insert(Int32(id), Int32(entry))
    }

    /// Lends the bytes of all pieces, and where those of each lie, one after another.
    func forEachPiece(_ body: (UnsafeBufferPointer<UInt8>, Range<Int>) -> Void) { index.forEach(body) }

    /// The id of the piece that these of `bytes` are.
    @inline(__always)
    func id(of bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        index.entry(of: bytes, range).map { Int(ids[$0]) }
    }

    /// The same where their hash is known.
    @inline(__always)
    func id(of bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ hash: UInt64) -> Int? {
        index.entry(of: bytes, range, hash).map { Int(ids[$0]) }
    }

    /// The ids of the strings of a table; −1 for those that are no pieces.
    func ids(of table: JSONTable) -> [Int32] {
        var result = index.entries(of: table)
        for place in result.indices where result[place] >= 0 { result[place] = ids[Int(result[place])] }
        return result
    }

    /// The id of the piece with these UTF-8 bytes.
    package func id(of piece: ArraySlice<UInt8>) -> Int? {
        index.entry(of: piece).map { Int(ids[$0]) }
    }

    package func id(of piece: String) -> Int? {
        id(of: ArraySlice(piece.utf8))
    }

    /// The UTF-8 bytes of the piece with this id.
    package func bytes(of id: Int) -> ArraySlice<UInt8>? {
        Int32(exactly: id).flatMap { entries[$0] }.map { index[Int($0)] }
    }

    /// Whether the piece with this id is these of `bytes`.
    @inline(__always)
    func isPiece(_ id: Int32, _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        entries[id].map { index.isEntry(Int($0), bytes, range) } ?? false
    }

    package func piece(of id: Int) -> String? {
        bytes(of: id).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The ids of `<0x00>` … `<0xFF>`, `nil` where one is missing.
    func byteIDs() -> [Int?] {
        (0...255).map { (byte: Int) in id(of: Self.bytePiece(UInt8(byte))) }
    }

    /// The piece that stands for one byte of a character outside the vocabulary, such as `<0x0A>`.
    static func bytePiece(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "<0x0\(digits)>" : "<0x\(digits)>"
    }

    /// `{"piece": id, …}` in the order of the ids.
    var json: JSONValue {
        .object(
            entries.map { id, entry in
                JSONMember(String(decoding: index[Int(entry)], as: UTF8.self), .number(JSONNumber(id)))
            })
    }
}
