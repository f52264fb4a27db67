package import AttentionFiles

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
        try write(tensors.map { Entry($0.name, $0.tensor, as: precision) }, metadata: metadata, to: path)
    }

    /// Saves tensors of any kinds under their names, replacing the file at `path` only when the new one is complete.
    /// - Throws: `SafetensorsError` if a name stands twice or the file cannot be written.
    public static func write(
        _ entries: [Entry], metadata: [String: String] = [:], to path: String
    ) throws(SafetensorsError) {
        let file = try written(entries, metadata: metadata, replacing: path)
        do { try file.commit() } catch { throw .file(error) }
    }

    /// Writes tensors into a new version of the file at `path`, for the caller to put into the old one's place.
    /// - Throws: `SafetensorsError` if a name stands twice or the file cannot be written.
    package static func written(
        _ entries: [Entry], metadata: [String: String] = [:], replacing path: String
    ) throws(SafetensorsError) -> AtomicFile {
        let sorted = try sortedByName(entries, for: path)
        do {
            let file = try AtomicFile(replacing: path)
            try file.write(header(of: sorted, metadata))
            for entry in sorted { try file.write(entry.bytes()) }
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
        try encoded(tensors.map { Entry($0.name, $0.tensor, as: precision) }, metadata: metadata)
    }

    /// The bytes that `write` puts into a file.
    /// - Throws: `SafetensorsError` if a name stands twice.
    public static func encoded(
        _ entries: [Entry], metadata: [String: String] = [:]
    ) throws(SafetensorsError) -> [UInt8] {
        let sorted = try sortedByName(entries, for: "the encoded tensors")
        return sorted.reduce(into: header(of: sorted, metadata)) { $0 += $1.bytes() }
    }

    private static func sortedByName(_ entries: [Entry], for path: String) throws(SafetensorsError) -> [Entry] {
        var seen: Set = [SafetensorsHeader.metadataKey]
        for entry in entries where !seen.insert(entry.name).inserted { throw .unusableName(entry.name, path: path) }
        return entries.sorted { $0.name < $1.name }
    }

    private static func header(of entries: [Entry], _ metadata: [String: String]) -> [UInt8] {
        var members: [String] = []
        var metadata = metadata
        for case (let name, let format?) in entries.map({ ($0.name, $0.blockFormat) }) {
            metadata[name] = format.rawValue
        }
        if !metadata.isEmpty {
            let notes = metadata.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + quoted($0.value) }
            members.append(quoted(SafetensorsHeader.metadataKey) + ":{" + notes.joined(separator: ",") + "}")
        }
        var start = 0
        for entry in entries {
            let end = start + entry.shape.elementCount * entry.elementType.byteCount
            let sizes = entry.shape.dimensions.map(String.init).joined(separator: ",")
            members.append(
                quoted(entry.name)
                    + #":{"dtype":"\#(entry.elementType.rawValue)","shape":[\#(sizes)],"data_offsets":[\#(start),\#(end)]}"#
            )
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
