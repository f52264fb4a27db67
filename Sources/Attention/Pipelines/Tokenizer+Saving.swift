public import AttentionFiles
import AttentionTensors
public import AttentionText

extension Tokenizer {
    /// Writes a `tokenizer.json`, whole or not at all.
    ///
    /// - Throws: `FileError` with the system's reason.
    public func write(to path: String) throws(FileError) {
        try AtomicFile.write(json(), to: path)
    }
}
