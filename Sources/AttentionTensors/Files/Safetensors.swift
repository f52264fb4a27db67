internal import CAttentionKernels

/// Saving tensors in the safetensors format.
///
/// The same tensors give the same bytes: names are sorted, and the header is padded with spaces so that every tensor is aligned.
public enum Safetensors {
    /// How the numbers of saved tensors are written.
    public enum Precision: String, Sendable, Hashable, CaseIterable {
        /// As they are.
        case float32
        /// Rounded to 8 significant bits; any magnitude.
        case bfloat16
        /// Rounded to 11 significant bits; magnitudes above 65504 become infinite.
        case float16

        var elementType: ElementType {
            switch self {
            case .float32: .float32
            case .bfloat16: .bfloat16
            case .float16: .float16
            }
        }
    }

    /// Saves tensors under their names, replacing the file at `path` only when the new one is complete.
    /// - Throws: `SafetensorsError` if a name stands twice or the file cannot be written.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], as precision: Precision = .float32,
        metadata: [String: String] = [:], to path: String
    ) throws(SafetensorsError) {
        let file = try written(tensors, as: precision, metadata: metadata, replacing: path)
        do { try file.commit() } catch { throw .file(error) }
    }

    /// Writes tensors into a new version of the file at `path`, for the caller to put into the old one's place.
    /// - Throws: `SafetensorsError` if a name stands twice or the file cannot be written.
    package static func written(
        _ tensors: [(name: String, tensor: Tensor)], as precision: Precision = .float32,
        metadata: [String: String] = [:], replacing path: String
    ) throws(SafetensorsError) -> AtomicFile {
        let sorted = try sortedByName(tensors, for: path)
        do {
            let file = try AtomicFile(replacing: path)
            try file.write(header(of: sorted, precision, metadata))
            for (_, tensor) in sorted { try file.write(tensor.bytes(as: precision)) }
            return file
        } catch {
            throw .file(error)
        }
    }

    /// The bytes that `write` puts into a file.
    /// - Throws: `SafetensorsError` if a name stands twice.
    public static func encoded(
        _ tensors: [(name: String, tensor: Tensor)], as precision: Precision = .float32,
        metadata: [String: String] = [:]
    ) throws(SafetensorsError) -> [UInt8] {
        let sorted = try sortedByName(tensors, for: "the encoded tensors")
        return sorted.reduce(into: header(of: sorted, precision, metadata)) { $0 += $1.tensor.bytes(as: precision) }
    }

    private static func sortedByName(
        _ tensors: [(name: String, tensor: Tensor)], for path: String
    ) throws(SafetensorsError) -> [(name: String, tensor: Tensor)] {
        var seen: Set = [SafetensorsHeader.metadataKey]
        for (name, _) in tensors where !seen.insert(name).inserted { throw .unusableName(name, path: path) }
        return tensors.sorted { $0.name < $1.name }
    }

    private static func header(
        of tensors: [(name: String, tensor: Tensor)], _ precision: Precision, _ metadata: [String: String]
    ) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let notes = metadata.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + quoted($0.value) }
            members.append(quoted(SafetensorsHeader.metadataKey) + ":{" + notes.joined(separator: ",") + "}")
        }
        let type = precision.elementType
        var start = 0
        for (name, tensor) in tensors {
            let end = start + tensor.shape.elementCount * type.byteCount
            let sizes = tensor.shape.dimensions.map(String.init).joined(separator: ",")
            members.append(
                quoted(name)
                    + #":{"dtype":"\#(type.rawValue)","shape":[\#(sizes)],"data_offsets":[\#(start),\#(end)]}"#)
            start = end
        }
        let json = "{" + members.joined(separator: ",") + "}"
        let size = (json.utf8.count + 7) / 8 * 8
        let prefix = (0..<SafetensorsHeader.prefixSize).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
        return prefix + json.utf8 + [UInt8](repeating: UInt8(ascii: " "), count: size - json.utf8.count)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Tensor {
    /// The elements in row-major order, little-endian.
    fileprivate func bytes(as precision: Safetensors.Precision) -> [UInt8] {
        let count = shape.elementCount
        let size = precision.elementType.byteCount
        return withElements { elements in
            [UInt8](unsafeUninitializedCapacity: count * size) { buffer, initializedCount in
                let out = UnsafeMutableRawBufferPointer(buffer)
                switch precision {
                case .float32: out.copyMemory(from: UnsafeRawBufferPointer(start: elements, count: count * size))
                case .bfloat16: narrow(kernels.bfloat16_from_float)
                case .float16: narrow(kernels.float16_from_float)
                }
                initializedCount = count * size

                func narrow(_ kernel: (UnsafeMutablePointer<UInt16>, UnsafePointer<Float>, Int) -> Void) {
                    let halves = [UInt16](unsafeUninitializedCapacity: count) { buffer, initializedCount in
                        if let start = buffer.baseAddress { kernel(start, elements, count) }
                        initializedCount = count
                    }
                    halves.withUnsafeBytes { out.copyMemory(from: $0) }
                }
            }
        }
    }
}
