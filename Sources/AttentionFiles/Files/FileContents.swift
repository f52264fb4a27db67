/// Reading a whole file into memory.
public enum FileContents {
    /// All bytes of the file at `path`; works for pipes and devices too.
    ///
    /// - Throws: ``FileError`` when the file is missing, is a directory, or may not be read.
    public static func read(_ path: String) throws(FileError) -> [UInt8] {
        let file = try FileDescriptor(reading: path)
        // All of a file whose size is known, in one piece.
        var contents = try file.read(atMost: max(pieceSize, file.knownSize))
        while true {
            let piece = try file.read(atMost: pieceSize)
            if piece.isEmpty { return contents }
            contents += piece
        }
    }

    private static let pieceSize = 1 << 18
}
