import Glibc
import Synchronization

/// What Control-C does to a command that writes a text piece by piece: what was written so far stays, its line is ended, and the exit code is
/// 130.
package enum Interruption {
    private static let lineIsOpen = Atomic<Bool>(false)

    /// Whether the last line of standard output has no end yet.
    static var isLineOpen: Bool {
        get { lineIsOpen.load(ordering: .relaxed) }
        set { lineIsOpen.store(newValue, ordering: .relaxed) }
    }

    /// From now on SIGINT ends the line that was begun, and then the process.
    package static func endsLines() {
        // Reading the flag here makes sure that it exists before the handler runs.
        isLineOpen = false
        signal(SIGINT) { number in
            // Nothing but an atomic read, write and _exit, all of which are allowed in a signal handler.
            if Interruption.isLineOpen {
                var end = UInt8(ascii: "\n")
                _ = write(STDOUT_FILENO, &end, 1)
            }
            _exit(128 + number)
        }
        // A process started from a thread that blocks signals inherits the blockade.
        var accepted = sigset_t()
        sigemptyset(&accepted)
        sigaddset(&accepted, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &accepted, nil)
    }
}
