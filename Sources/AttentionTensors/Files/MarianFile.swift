import AttentionFiles

/// Tensors by name in the binary container of Marian, as the models of Firefox Translations are: float32 matrices, and integers of 8 bits with
/// one scale for a whole matrix; or in the archive that training leaves, `model.npz`, which holds float32.
///
/// Opening reads and checks the headers alone; a file on disk is mapped, and numbers stay where they are. An archive is unpacked.
///
///     let file = try MarianFile(path: "model.enpt.intgemm.alphas.bin")
///     let weight = try file.parameter(named: "encoder_l1_self_Wq")
///
/// The layout, all numbers little-endian: a version and the number of items (u64 each); of each item the length of its name, its type,
/// the number of its axes and of its bytes (u64 each); the names, each closed by a zero; the sizes of the axes (i32 each); the size of a
/// gap (u64), and the gap; the items' bytes one after another.
public struct MarianFile: Sendable {
    /// The names of the matrices and vectors, in the order of their bytes.
    public let names: [String]
    /// The path, or what the caller called the bytes: how errors name it.
    public let source: String
    private let items: [String: MarianHeader.Item]
    private let bytes: ReadOnlyBytes

    /// Opens the file at `path`.
    /// - Throws: `MarianFileError` if it cannot be read or is not a whole file of this kind.
    public init(path: String) throws(MarianFileError) {
        let bytes: ReadOnlyBytes
        do { bytes = try ReadOnlyBytes(contentsOf: path) } catch { throw .file(error) }
        try self.init(bytes, source: path)
    }

    /// Reads a file's contents from memory; errors call them `source`.
    /// - Throws: `MarianFileError` if they are not a whole file of this kind.
    public init(_ bytes: [UInt8], source: String) throws(MarianFileError) {
        try self.init(ReadOnlyBytes(bytes), source: source)
    }

    private init(_ given: ReadOnlyBytes, source: String) throws(MarianFileError) {
        let (bytes, header): (ReadOnlyBytes, MarianHeader)
        if given.count >= 4, given.withBytes(in: 0..<4, { ZipArchive.isOne($0) }) {
            let archive = given.withBytes(in: 0..<given.count) { Array($0) }
            let unpacked = try MarianHeader.unpacked(archive, source: source)
            (bytes, header) = (ReadOnlyBytes(unpacked.1), unpacked.0)
        } else {
            (bytes, header) = (given, try MarianHeader(given, source: source))
        }
        names = header.items.map(\.name)
        items = Dictionary(uniqueKeysWithValues: header.items.map { ($0.name, $0) })
        (self.source, self.bytes) = (source, bytes)
    }

    /// Whether there is an item of this name.
    public func contains(_ name: String) -> Bool { items[name] != nil }

    /// An item that holds text, such as the model's own settings in `special:model.yml`; nil if there is none of this name.
    /// - Throws: `MarianFileError` if it holds something else.
    public func text(named name: String) throws(MarianFileError) -> String? {
        guard let item = items[name] else { return nil }
        let characters = bytes.withBytes(in: item.range) { Array($0.prefix { $0 != 0 }) }
        guard item.type == .int8, let text = String(validating: characters, as: UTF8.self) else {
            throw .unfit(name: name, source: source, expected: "text", found: item.type.description)
        }
        return text
    }

    /// A parameter under the shape that the file says, its numbers where they lie.
    ///
    /// Matrices of 8 bits lie output by output, whatever the shape [inputs, outputs] says, and are views; only the table of words, which serves as
    /// the output map, lies as it says.
    /// - Throws: `MarianFileError` if there is none of this name, or it holds something else.
    public func parameter(named name: String) throws(MarianFileError) -> Parameter {
        guard let item = items[name] else { throw .missing(name: name, source: source) }
        let shape = Shape(item.sizes)
        let count = shape.elementCount
        guard count > 0 || item.type == .int8 else { return Parameter(.zeros(shape)) }
        switch item.type {
        case .float32:
            let range = item.range.lowerBound..<item.range.lowerBound + 4 * count
            let storage = Storage(lentBy: SharedBytes(bytes, range).aligned(to: MemoryLayout<Float>.alignment))
            return Parameter(Tensor(shape: shape, strides: shape.contiguousStrides, offset: 0, storage: storage))
        case .scaledInt8:
            guard shape.rank == 2 else {
                throw .unfit(name: name, source: source, expected: "a matrix", found: "axes \(item.sizes)")
            }
            let isWords = item.isWords
            let (rows, rowSize) = isWords ? (shape[0], shape[1]) : (shape[1], shape[0])
            let start = item.range.lowerBound
            let multiplier = bytes.withBytes(in: start + count..<start + count + 4) {
                Float(bitPattern: UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)))
            }
            guard multiplier.isFinite, multiplier > 0 else {
                throw .unfit(name: name, source: source, expected: "a scale above 0", found: "\(multiplier)")
            }
            let numbers = StoredNumbers(
                .int8, SharedBytes(bytes, start..<start + count),
                scales: [Float](repeating: 1 / multiplier, count: rows), rowSize: rowSize)
            let parameter = Parameter(.stored(StoredView(numbers, shape: [rows, rowSize])), role: .trained)
            return isWords ? parameter : parameter.transposed()
        case .int8:
            throw .unfit(name: name, source: source, expected: "numbers", found: item.type.description)
        }
    }
}
