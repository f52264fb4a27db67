internal import Glibc
internal import Synchronization

/// The wish of whoever runs the process that it should stop: SIGINT (Control-C), SIGTERM, or SIGHUP (the terminal is gone).
///
/// The first signal only raises a flag, so that an update can be finished and saved. The second ends the process at once.
public enum StopSignal {
    private static let count = Atomic<Int>(0)

    /// From now on signals raise the flag instead of ending the process.
    public static func install() {
        // Reading the flag here makes sure that it exists before a handler runs.
        count.store(0, ordering: .sequentiallyConsistent)
        var accepted = sigset_t()
        sigemptyset(&accepted)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaddset(&accepted, number)
            signal(number) { number in
                // Nothing but an atomic addition and _exit, both of which are allowed in a signal handler.
                if StopSignal.count.wrappingAdd(1, ordering: .relaxed).oldValue > 0 { _exit(128 + number) }
            }
        }
        // A process started from a thread that blocks signals, as those of Dispatch do, inherits the blockade.
        pthread_sigmask(SIG_UNBLOCK, &accepted, nil)
    }

    /// Whether a signal has come.
    public static var isReceived: Bool { count.load(ordering: .relaxed) > 0 }

    /// Returns if no signal has come: for long work, such as a validation, to call now and then.
    /// - Throws: `CancellationError` if one has.
    public static func check() throws(CancellationError) {
        if isReceived { throw CancellationError() }
    }
}
