import Attention
package import AttentionFiles

/// What was asked for: on standard output. A result that cannot be written is an error, not a silence.
package enum Results {
    /// Writes text and a line's end.
    /// - Throws: `FileError`, for example when the disk is full.
    package static func print(_ text: String = "", terminator: String = "\n") throws(FileError) {
        let all = text + terminator
        if !all.isEmpty { Interruption.isLineOpen = true }
        try FileDescriptor.standardOutput.write(Array(all.utf8).span.bytes)
        if all.utf8.last == UInt8(ascii: "\n") { Interruption.isLineOpen = false }
    }
}
