package import ArgumentParser
package import AttentionFiles

/// The file a chart is drawn into: asked about before the work whose chart it is.
package enum ChartFile {
    /// Refuses another ending than that of what is written.
    package static func validate(_ path: String?, option: String) throws(ValidationError) {
        if let path { try FileEnding.check(path, option, among: [".svg"]) }
    }

    /// Makes sure that the file can be written.
    /// - Throws: `FileError` if it cannot.
    package static func check(_ path: String?) throws(FileError) {
        if let path { try AtomicFile.check(path) }
    }
}
