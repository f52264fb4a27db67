import Synchronization

/// Which options were asked for, so that those nobody knows can be refused: they are usually misspelt.
final class OptionReads: Sendable {
    private struct State {
        var expected: Set<String> = []
        var noted: Set<String> = []
    }

    private let state = Mutex(State())

    /// Takes note of options that there are.
    package func expect(_ names: [String]) { state.withLock { $0.expected.formUnion(names) } }

    /// Takes note that an option was asked for.
    package func note(_ name: String) { state.withLock { _ = $0.noted.insert(name) } }

    /// The options that nobody asked for, sorted.
    package var missing: [String] { state.withLock { $0.expected.subtracting($0.noted).sorted() } }

    /// The options that somebody asked for and that are not there.
    package var absent: Set<String> { state.withLock { $0.noted.subtracting($0.expected) } }
}
