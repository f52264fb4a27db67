import AttentionFiles

/// A matrix of float32 that is written row by row, for as many rows as there will be: a file of numpy's, or a safetensors file.
///
/// ```swift
/// let file = try VectorFile(replacing: "vectors.npy")
/// for texts in batches { try file.append(try embedder.embed(texts)) }
/// try file.finish()
/// ```
///
/// Rows go to disk as they come. The header, which says how many there are, comes last, and the file takes its name only then. Of a pipe or a device, where
/// there is no going back, they wait in memory.
///
/// *Source:* numpy.lib.format, version 1.0; the safetensors format.
public final class VectorFile {
    /// How the matrix is written.
    public enum Form: Sendable, Hashable {
        /// numpy's `.npy`.
        case numpy
        /// `.safetensors`, with one tensor, `embeddings`.
        case safetensors

        /// The form by the ending of a file's name, numpy's of a name or a device without one; nil for another.
        public init?(path: String) {
            switch FileEnding.of(path, among: [".npy", ".safetensors"]) {
            case ".npy": self = .numpy
            case ".safetensors": self = .safetensors
            default: return nil
            }
        }
    }

    private let path: String
    private let form: Form
    private var file: AtomicFile?
    /// The rows of what cannot be gone back in; nil of a file.
    private var waiting: [UInt8]?
    private var rowCount = 0
    private var size: Int?

    /// Begins a file, whose name says its form.
    /// - Throws: `VectorFileError.form` if it does not; `FileError` if it cannot be written.
    public init(replacing path: String) throws {
        guard let form = Form(path: path) else { throw VectorFileError.form(path) }
        (self.path, self.form) = (path, form)
        let file = try AtomicFile(replacing: path)
        if file.isReplacement {
            try file.write(form.header(rowCount: 0, size: 0))
        } else {
            waiting = []
        }
        self.file = consume file
    }

    /// Writes rows, all of one size.
    /// - Throws: `VectorFileError.size` if one has another size than the first; `FileError`, for example when the disk is full.
    public func append(_ rows: [[Float]]) throws {
        guard let first = rows.first else { return }
        let size = size ?? first.count
        if let other = rows.first(where: { $0.count != size }) {
            throw VectorFileError.size(path, expected: size, found: other.count)
        }
        self.size = size
        rowCount += rows.count
        let bytes: [UInt8] = rows.flatMap { $0.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) } }
        if waiting != nil { waiting? += bytes } else { try file?.write(bytes) }
    }

    /// Says how many rows there are, and gives the file its name.
    /// - Throws: `FileError` if it cannot be written; what was there before is there still.
    public func finish() throws {
        guard let file = file.take() else { return }
        let header = form.header(rowCount: rowCount, size: size ?? 0)
        if let waiting { try file.write(header + waiting) } else { try file.writeAgain(beginning: header) }
        try file.commit()
    }
}

extension VectorFile.Form {
    /// Headers of any matrix have one length, so that the last can stand where the first stood.
    private static let length = 256

    fileprivate func header(rowCount: Int, size: Int) -> [UInt8] {
        switch self {
        case .numpy:
            let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rowCount), \(size)), }"
            let rest = UInt16(Self.length - 10)
            return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(rest & 0xFF), UInt8(rest >> 8)]
                + padded(text, to: Int(rest) - 1) + [UInt8(ascii: "\n")]
        case .safetensors:
            let count = rowCount * size * MemoryLayout<Float>.size
            let text =
                "{\"embeddings\":{\"dtype\":\"F32\",\"shape\":[\(rowCount),\(size)],\"data_offsets\":[0,\(count)]}}"
            let rest = Self.length - 8
            return withUnsafeBytes(of: UInt64(rest).littleEndian, Array.init) + padded(text, to: rest)
        }
    }

    private func padded(_ text: String, to length: Int) -> [UInt8] {
        Array(text.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: max(0, length - text.utf8.count))
    }
}

/// A matrix that cannot be written so.
public enum VectorFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A name that says no form.
    case form(String)
    /// A row of another size than the first.
    case size(String, expected: Int, found: Int)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .form(let path): "save: expected a file ending in .npy or .safetensors, found \(path)"
        case .size(let path, let expected, let found):
            "save: expected rows of \(expected) numbers in \(path), found one of \(found); write each size into a file of its own"
        }
    }
}
