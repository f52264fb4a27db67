package import Attention
import AttentionFiles
import Glibc

/// What a person should see that is not a result: on standard error, so that results can be piped on.
package enum Diagnostics {
    /// A line of its own.
    package static func print(_ line: String) {
        write(line + "\n")
    }

    /// A line that the next one replaces; only on a terminal.
    package static func printStatus(_ line: String) {
        guard isTerminal else { return }
        write("\r\u{1B}[2K" + line)
    }

    /// What a person types behind; only on a terminal.
    package static func printPrompt(_ text: String) {
        if isTerminal { write(text) }
    }

    /// Ends the status line.
    package static func endStatus() {
        guard isTerminal else { return }
        write("\r\u{1B}[2K")
    }

    /// What cannot be said is not said: there is nowhere left to say so.
    private static func write(_ text: String) {
        do { try FileDescriptor.standardError.write(Array(text.utf8).span.bytes) } catch {}
    }

    /// Whether someone is watching standard error.
    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// The terminal that results are written to.
package enum Terminal {
    /// Whether standard output is one.
    package static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether standard input is one.
    package static var isInputInteractive: Bool { isatty(STDIN_FILENO) == 1 }

    /// Its width in columns; 80 if it does not say.
    package static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// The way pictures are shaded: colours on a terminal that has them and does not refuse (NO_COLOR, unless it is
    /// empty), else blocks.
    package static var shading: TextRenderer.Style {
        let text = { (name: String) in getenv(name).map { String(cString: $0) } ?? "" }
        guard isInteractive, text("NO_COLOR").isEmpty else { return .shaded }
        if ["truecolor", "24bit"].contains(text("COLORTERM")) { return .colour(.full) }
        return text("TERM").contains("256color") ? .colour(.indexed) : .shaded
    }
}
