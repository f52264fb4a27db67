internal import CAttentionMessages
internal import Glibc

/// An MPI library, found when the program runs: nobody who trains on one machine installs or builds anything for it.
///
/// Known are Open MPI, MPICH and what shares its ABI (Intel MPI, MVAPICH), and the standard ABI of MPI 5.
///
/// *Source:* MPI Forum 2025, *MPI: A Message-Passing Interface Standard*, version 5.0, ch. 20 (ABI); the names of libraries are those that mpi4py tries.
struct MessagePassingLibrary: MessageTransport {
    /// The name it was found by.
    let name: String
    let rank: Int
    let rankCount: Int

    /// What it calls itself: `Open MPI v4.1.4, …`.
    var version: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            guard let start = text.baseAddress else { return "" }
            attn_mpi_version(start, text.count)
            let words = String(cString: start).split { $0 == " " || $0 == "\t" || $0 == "," }
            return words.prefix(3).joined(separator: " ")
        }
    }

    /// Finds a library, and joins the other processes that `launcher` has started.
    /// - Throws: `MessagePassingError` if there is no library, or it knows nothing of the others.
    init(startedBy launcher: MessagePassingLauncher) throws(MessagePassingError) {
        name = try Self.load(launcher.libraryNames)
        guard attn_mpi_join() == 0 else { throw .failed("MPI_Init_thread", library: name) }
        (rank, rankCount) = (Int(attn_mpi_rank()), Int(attn_mpi_rank_count()))
        if let expected = launcher.rankCount, expected != rankCount {
            throw .otherLauncher(library: name, expected: expected, found: rankCount)
        }
    }

    private static func load(_ names: [String]) throws(MessagePassingError) -> String {
        var attempts: [MessagePassingError.Attempt] = []
        for name in names {
            guard let reason = failure(toOpen: name) else { return name }
            attempts.append(MessagePassingError.Attempt(name: name, reason: reason))
        }
        throw .noLibrary(attempts)
    }

    /// Why a library cannot be opened; nil if it is open now.
    private static func failure(toOpen name: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { reason in
            guard let start = reason.baseAddress, attn_mpi_open(name, start, reason.count) != 0 else { return nil }
            return String(cString: start)
        }
    }

    /// Waits for the others, and parts from them.
    func leave() { attn_mpi_leave() }

    func gather(_ bytes: [UInt8]) throws(MessagePassingError) -> [UInt8] { try gathered(bytes) }

    func gather(_ numbers: [Float]) throws(MessagePassingError) -> [Float] { try gathered(numbers) }

    func trade(_ numbers: [Float]) throws(MessagePassingError) -> any MessageTrade {
        let partSize = numbers.count / rankCount * MemoryLayout<Float>.stride
        return try MessagePassingTrade(of: numbers, partSize: try Self.counted(partSize), library: name)
    }

    private func gathered<Element: BitwiseCopyable>(_ own: [Element]) throws(MessagePassingError) -> [Element] {
        guard !own.isEmpty else { return [] }
        var failure: Int32 = 0
        let byteCount = try Self.counted(own.count * MemoryLayout<Element>.stride)
        let allCount = own.count * rankCount
        let all = [Element](unsafeUninitializedCapacity: allCount) { all, count in
            own.withUnsafeBytes { own in
                guard let from = own.baseAddress, let to = all.baseAddress else { return }
                failure = attn_mpi_all_gather(from, to, byteCount)
                count = allCount
            }
        }
        guard failure == 0 else { throw .failed("MPI_Allgather", library: name) }
        return all
    }

    /// A number of bytes as functions of MPI count them.
    private static func counted(_ byteCount: Int) throws(MessagePassingError) -> Int32 {
        guard let count = Int32(exactly: byteCount) else { throw .tooLong(byteCount: byteCount) }
        return count
    }
}
