package import ArgumentParser
package import AttentionFiles

/// The file a chart is drawn into: asked about before the work whose chart it is.
package enum ChartFile {
    /// Refuses another ending than that of what is written.
    package static func validate(_ path: String?, option: String) throws(ValidationError) {
        guard let path, !path.lowercased().hasSuffix(".svg") else { return }
        throw ValidationError("\(option): expected a file ending in .svg, found \(path)")
    }

    /// Makes sure that the file can be written.
    /// - Throws: `FileError` if it cannot.
    package static func check(_ path: String?) throws(FileError) {
        if let path { try AtomicFile.check(path) }
    }
}
