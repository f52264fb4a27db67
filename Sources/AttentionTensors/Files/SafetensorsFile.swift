import AttentionFiles

/// Tensors by name in the safetensors format, read when they are asked for.
///
/// Opening reads and checks the header alone; a file on disk is mapped, so that tensors never asked for are never read.
///
///     let file = try SafetensorsFile(path: "model.safetensors")
///     let weight = try file.tensor(named: "embedding.weight")
public struct SafetensorsFile: Sendable {
    /// The tensors' names in the order of their bytes.
    public let names: [String]
    /// The notes that stand beside the tensors.
    public let metadata: [String: String]
    /// The path, or what the caller called the bytes: how errors name it.
    public let source: String
    private let entries: [String: SafetensorsHeader.Entry]
    private let bytes: ReadOnlyBytes
    private let dataStart: Int

    /// Opens the file at `path`.
    /// - Throws: `SafetensorsError` if it cannot be read or is not a whole safetensors file.
    public init(path: String) throws(SafetensorsError) {
        let bytes: ReadOnlyBytes
        do { bytes = try ReadOnlyBytes(contentsOf: path) } catch { throw .file(error) }
        try self.init(bytes, source: path)
    }

    /// Reads a file's contents from memory; errors call them `source`.
    /// - Throws: `SafetensorsError` if they are not a whole safetensors file.
    public init(_ bytes: [UInt8], source: String) throws(SafetensorsError) {
        try self.init(ReadOnlyBytes(bytes), source: source)
    }

    /// Reads a file's contents that are part of the program, without copying; errors call them `source`.
    /// - Parameter bytes: Memory that is never changed or freed.
    /// - Throws: `SafetensorsError` if they are not a whole safetensors file.
    public init(permanent bytes: UnsafeRawBufferPointer, source: String) throws(SafetensorsError) {
        try self.init(ReadOnlyBytes(permanent: bytes), source: source)
    }

    private init(_ bytes: ReadOnlyBytes, source: String) throws(SafetensorsError) {
        let prefixSize = SafetensorsHeader.prefixSize
        guard bytes.count >= prefixSize else {
            throw .malformed(source: source, expected: "at least \(prefixSize) bytes", found: "\(bytes.count) bytes")
        }
        let size = bytes.withBytes(in: 0..<prefixSize) { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard size <= SafetensorsHeader.sizeLimit else {
            throw .malformed(
                source: source, expected: "a header of at most \(SafetensorsHeader.sizeLimit) bytes",
                found: "\(size) bytes")
        }
        let dataStart = prefixSize + Int(size)
        guard dataStart <= bytes.count else {
            throw .malformed(
                source: source, expected: "a header of \(size) bytes", found: "\(bytes.count - prefixSize) bytes")
        }
        let header = try SafetensorsHeader(
            json: bytes.withBytes(in: prefixSize..<dataStart) { Array($0) }, dataSize: bytes.count - dataStart,
            source: source)
        names = header.entries.map(\.name)
        metadata = header.metadata
        entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
        (self.source, self.bytes, self.dataStart) = (source, bytes, dataStart)
    }

    /// Whether there is a tensor of this name.
    public func contains(_ name: String) -> Bool { entries[name] != nil }

    /// The shape of a tensor.
    /// - Throws: `SafetensorsError.missing` if there is none of this name.
    public func shape(of name: String) throws(SafetensorsError) -> Shape { try entry(name).shape }

    /// How the numbers of a tensor are written.
    /// - Throws: `SafetensorsError.missing` if there is none of this name, `unfit` if they are of a type that is not read here.
    public func elementType(of name: String) throws(SafetensorsError) -> ElementType {
        try elementType(of: try entry(name))
    }

    func elementType(of entry: SafetensorsHeader.Entry) throws(SafetensorsError) -> ElementType {
        guard let type = entry.elementType else {
            let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unfit(name: entry.name, source: source, expected: "one of \(known)", found: entry.typeName)
        }
        return type
    }

    func entry(_ name: String) throws(SafetensorsError) -> SafetensorsHeader.Entry {
        guard let entry = entries[name] else { throw .missing(name: name, source: source) }
        return entry
    }

    /// The bytes of a tensor, where they lie.
    func sharedBytes(of entry: SafetensorsHeader.Entry) -> SharedBytes {
        SharedBytes(bytes, dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound)
    }

    /// Lends the bytes of a tensor.
    func withBytes<Result>(of entry: SafetensorsHeader.Entry, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        sharedBytes(of: entry).withBytes(body)
    }
}
