import AttentionFiles
import AttentionSignals

/// Files that scripts/make-signal-fixtures.py and scripts/make-flac-fixtures.py made with the reference implementations.
enum Fixtures {
    private static let folder =
        "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Fixtures/"

    static func path(_ name: String) -> String { folder + name }

    static func bytes(_ name: String) throws -> [UInt8] { try FileContents.read(path(name)) }

    /// Numbers of 32 bits as NumPy writes them with `tofile`.
    static func floats(_ name: String) throws -> [Float] {
        let bytes = try bytes(name)
        return bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
    }

    static func names(_ subfolder: String) throws -> [String] {
        try Directory.names(in: path(subfolder)).map { subfolder + "/" + $0 }
    }

    /// The largest difference of two lists, infinity if one is longer.
    static func distance(_ first: [Float], _ second: [Float]) -> Float {
        guard first.count == second.count else { return .infinity }
        return zip(first, second).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}
