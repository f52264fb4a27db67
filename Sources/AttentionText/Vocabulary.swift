import AttentionFiles

/// The pieces of a model and their ids.
package struct Vocabulary: Sendable {
    private var index: PieceIndex
    private var ids: [Int32] = []
    private var entries: [Int32: Int32]

    package init(capacity: Int = 0) {
        index = PieceIndex(capacity: capacity)
        entries = Dictionary(minimumCapacity: capacity)
    }

    /// The vocabulary whose ids are the positions in `pieces`.
    package init(_ pieces: [String]) {
        self.init(capacity: pieces.count)
        for (id, piece) in pieces.enumerated() { insert(ArraySlice(piece.utf8), id: id) }
    }

    /// Reads `{"piece": id, …}`.
    init(_ members: [JSONMember], stage: String) throws(TokenizerError) {
        self.init(capacity: members.count)
        for member in members {
            guard let id = StageFields.count(member.value) else {
                throw .invalidField(
                    stage: stage, field: member.key, expected: StageFields.countDescription,
                    found: member.value.summary)
            }
            insert(ArraySlice(member.key.utf8), id: id)
        }
        guard entries.count == index.count else {
            throw .invalidField(
                stage: stage, field: "vocab", expected: "an id of its own for each of the \(index.count) pieces",
                found: "\(entries.count) ids")
        }
    }

    /// One more than the largest id.
    package var count: Int { entries.keys.max().map { Int($0) + 1 } ?? 0 }

    /// Gives `piece` this id; a later one replaces an earlier one.
    package mutating func insert(_ piece: ArraySlice<UInt8>, id: Int) {
        let entry = index.insert(piece)
        if entry == ids.count {
            ids.append(Int32(id))
        } else {
            if entries[ids[entry]] == Int32(entry) { entries[ids[entry]] = nil }
            ids[entry] = Int32(id)
        }
        entries[Int32(id)] = Int32(entry)
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
            entries.sorted { $0.key < $1.key }.map { id, entry in
                JSONMember(String(decoding: index[Int(entry)], as: UTF8.self), .number(JSONNumber(id)))
            })
    }
}
