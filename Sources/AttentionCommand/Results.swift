import Attention
package import AttentionFiles

/// What was asked for: on standard output. A result that cannot be written is an error, not a silence.
package enum Results {
    /// Writes text and a line's end.
    /// - Throws: `FileError`, for example when the disk is full.
    package static func print(_ text: String = "", terminator: String = "\n") throws(FileError) {
        try FileDescriptor.standardOutput.write(Array((text + terminator).utf8).span.bytes)
    }
}
