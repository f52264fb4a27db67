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
        self.init(table) { $0 }
    }

    /// Reads `{"piece": id, …}`.
    init(_ members: JSONTable, stage: String) throws(TokenizerError) {
        if let wrong = members.numbers.firstIndex(where: { Int32(exactly: $0).map { $0 < 0 } ?? true }) {
            throw .invalidField(
                stage: stage, field: String(decoding: members.string(wrong), as: UTF8.self),
                expected: StageFields.countDescription,
                found: JSONValue.number(JSONNumber(members.numbers[wrong])).summary)
        }
        self.init(members) { Int(members.numbers[$0]) }
        guard entries.count == index.count else {
            throw .invalidField(
                stage: stage, field: "vocab", expected: "an id of its own for each of the \(index.count) pieces",
                found: "\(entries.count) ids")
        }
    }

    private init(_ table: JSONTable, id: (Int) -> Int) {
        self.init(capacity: table.count)
        table.bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for (position, end) in table.ends.enumerated() {
                let entry = index.insert(UnsafeBufferPointer(rebasing: bytes[start..<Int(end)]))
                if entry == ids.count { ids.append(Int32(id(position))) } else { ids[entry] = Int32(id(position)) }
                start = Int(end)
            }
        }
        entries = EntriesByID(ids)
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

    /// The bytes of all pieces together.
    var byteCount: Int { index.byteCount }

    /// Lends the bytes of all pieces, one after another.
    func forEachPiece(_ body: (UnsafeBufferPointer<UInt8>) -> Void) { index.forEach(body) }

    /// The id of the piece with these bytes and this hash.
    @inline(__always)
    func id(of piece: UnsafeBufferPointer<UInt8>, _ hash: ByteHash) -> Int? {
        index.entry(of: piece, hash).map { Int(ids[$0]) }
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

    /// Whether the piece with this id is made of these two.
    func isPiece(_ id: Int, _ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        guard let piece = bytes(of: id), piece.count == left.count + right.count else { return false }
        return piece.starts(with: left) && piece.suffix(right.count) == right
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

/// The entries of a vocabulary by their ids, ascending. Ids that come in order, as nearly all do, are put in and found in O(1).
private struct EntriesByID: Sendable {
    private var ids: [Int32] = []
    private var entries: [Int32] = []

    init(capacity: Int) {
        ids.reserveCapacity(capacity)
        entries.reserveCapacity(capacity)
    }

    /// The entries numbered from 0, with these ids. Complexity: O(n) if the ids ascend, else O(n log n).
    init(_ idOfEntry: [Int32]) {
        var order = Array(0..<Int32(idOfEntry.count))
        if !zip(idOfEntry, idOfEntry.dropFirst()).allSatisfy(<) {
            order.sort { (idOfEntry[Int($0)], $0) < (idOfEntry[Int($1)], $1) }
        }
        self.init(capacity: order.count)
        for entry in order { insert(idOfEntry[Int(entry)], entry) }
    }

    var count: Int { ids.count }
    var lastID: Int32? { ids.last }

    subscript(id: Int32) -> Int32? {
        let place = place(of: id)
        return place < ids.count && ids[place] == id ? entries[place] : nil
    }

    /// Where the id is, or belongs.
    private func place(of id: Int32) -> Int {
        guard let last = ids.last, id <= last else { return ids.count }
        if id >= 0, Int(id) < ids.count, ids[Int(id)] == id { return Int(id) }
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func insert(_ id: Int32, _ entry: Int32) {
        let place = place(of: id)
        if place == ids.count {
            ids.append(id)
            entries.append(entry)
        } else if ids[place] == id {
            entries[place] = entry
        } else {
            ids.insert(id, at: place)
            entries.insert(entry, at: place)
        }
    }

    /// Takes out an id, if it is this entry's.
    mutating func remove(_ id: Int32, of entry: Int32) {
        let place = place(of: id)
        guard place < ids.count, ids[place] == id, entries[place] == entry else { return }
        ids.remove(at: place)
        entries.remove(at: place)
    }

    func map<Result>(_ transform: (_ id: Int32, _ entry: Int32) -> Result) -> [Result] {
        zip(ids, entries).map { transform($0, $1) }
    }
}
