import AttentionTensors
import FoundationEssentials
import Glibc

/// Folders for models.
package enum Directory {
    /// Makes the folder and those it lies in, unless they exist.
    package static func create(_ path: String) throws(FileError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw FileError(.save, path: path, code: errno == 0 ? ENOTDIR : errno)
        }
    }
}
