internal import Glibc

/// What the environment says of the program that has started this process, if that was one of MPI's: `mpirun`, `mpiexec`, `srun`.
public struct MessagePassingLauncher: Sendable, Hashable {
    /// How many processes it has started; nil if it does not say.
    public let rankCount: Int?
    /// Which of them this is; nil if it does not say.
    public let rank: Int?
    /// The libraries to try, likeliest first.
    package let libraryNames: [String]

    private static let openMPI = ["libmpi.so.40", "libmpi.so.80"]
    private static let mpich = ["libmpi_abi.so.1", "libmpi_abi.so.0", "libmpich.so.12", "libmpi.so.12"]

    /// The launcher of this process; nil if nobody has started it together with others.
    public static var current: MessagePassingLauncher? {
        MessagePassingLauncher(environment: { name in getenv(name).map { String(cString: $0) } }, folder: parentFolder)
    }

    /// - Parameter folder: where the program lies that has started this process.
    package init?(environment: (String) -> String?, folder: String?) {
        let names: [String]
        if let size = environment("OMPI_COMM_WORLD_SIZE") {
            (rankCount, rank) = (Int(size), environment("OMPI_COMM_WORLD_RANK").flatMap { Int($0) })
            names = Self.openMPI + ["libmpi.so"]
        } else if let size = environment("PMI_SIZE") {
            (rankCount, rank) = (Int(size), environment("PMI_RANK").flatMap { Int($0) })
            names = Self.mpich + ["libmpi.so"]
        } else if let rank = environment("PMIX_RANK") {
            (rankCount, self.rank) = (nil, Int(rank))
            names = Self.openMPI + Self.mpich + ["libmpi.so"]
        } else {
            return nil
        }
        if let chosen = environment("ATTENTION_MPI"), !chosen.isEmpty {
            libraryNames = [chosen]
        } else {
            // A launcher in a folder of its own, such as those of Python's wheels, has its library beside it.
            let library = folder.map { $0 + "/../lib/" }
            libraryNames = (library.map { folder in names.map { folder + $0 } } ?? []).filter(Self.exists) + names
        }
    }

    private static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

    private static var parentFolder: String? {
        guard let path = realpath("/proc/\(getppid())/exe", nil) else { return nil }
        defer { free(path) }
        let text = String(cString: path)
        return text.lastIndex(of: "/").map { String(text[..<$0]) }
    }
}
