import AttentionFiles
import AttentionMusic

/// Files that scripts/make-midi-fixtures.py made with mido and pretty_midi.
enum Fixtures {
    private static let folder =
        "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Fixtures/"

    static func path(_ name: String) -> String { folder + name }

    static func bytes(_ name: String) throws -> [UInt8] { try FileContents.read(path(name)) }

    static func names(_ subfolder: String) throws -> [String] {
        try Directory.names(in: path(subfolder)).filter { $0.hasSuffix(".mid") }.sorted()
    }

    /// What the references say of a file.
    struct Expected: Decodable {
        struct Track: Decodable {
            let events: [String]
            let end: Int
        }

        let format: Int
        let division: Int
        let tracks: [Track]
        /// Pitch, start, end, velocity.
        let notes: [[Double]]?
    }

    static func expected() throws -> [String: Expected] {
        try JSONDecoding.decode(from: bytes("expected.json"))
    }
}

/// What is thrown, as a sentence.
func sentence(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "nothing was thrown"
    } catch { return "\(error)" }
}
