import Foundation
import Testing

/// `mpirun -n N attend train …` with the launchers that this machine has: Open MPI's and MPICH's, Debian's or those that `ATTENTION_TEST_MPIRUN` names,
/// with colons between their paths.
@Suite(
    .serialized,
    .enabled(if: !MPILauncher.all.isEmpty, "there is no mpirun here; install openmpi-bin or mpich to test it"))
struct RanksTests {
    /// The losses of a training, by update: of batches, and of validations.
    private func losses(_ folder: TemporaryFolder, _ output: String) throws -> [Double] {
        let log = try String(contentsOfFile: folder.path(output + "/log.jsonl"), encoding: .utf8)
        return log.matches(of: /"loss":([0-9.eE+-]+)/).compactMap { Double($0.output.1) }
    }

    private func expectNear(_ one: [Double], _ two: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(one.count == two.count && !one.isEmpty, sourceLocation: sourceLocation)
        for (one, two) in zip(one, two) {
            #expect(abs(one - two) <= 2e-3 * abs(two) + 1e-4, "\(one) \(two)", sourceLocation: sourceLocation)
        }
    }

    private static let few = ["maximumUpdates=40", "smoothing=0", "validationInterval=10"]

    @Test(arguments: MPILauncher.all) func ranksLearnWhatOneProcessLearns(_ launcher: MPILauncher) throws {
        let folder = try TemporaryFolder()
        let alone = try Command.run(TinyModel.trainArguments(folder, output: "alone", Self.few))
        #expect(alone.status == 0, "\(alone.errors)")
        for rankCount in [2, 3] {
            let together = try launcher.run(
                rankCount, TinyModel.trainArguments(folder, output: "ranks\(rankCount)", Self.few))
            #expect(together.status == 0, "\(together.errors)")
            #expect(together.errors.contains("attend: \(rankCount) ranks by "), "\(together.errors)")
            #expect(together.errors.components(separatedBy: "all updates made").count == 2, "\(together.errors)")
            #expect(together.errors.contains("bytes of gradients and weights an update"), "\(together.errors)")
            expectNear(try losses(folder, "ranks\(rankCount)"), try losses(folder, "alone"))
        }
        let again = try launcher.run(2, TinyModel.trainArguments(folder, output: "again", Self.few))
        #expect(again.status == 0, "\(again.errors)")
        let weights = try ["ranks2", "again"].map {
            try Data(contentsOf: URL(fileURLWithPath: folder.path($0 + "/model.safetensors")))
        }
        #expect(weights[0] == weights[1])
    }

    /// Sums are those of ranks in their order, whoever carries them; of this model, which has 2 million numbers, two buckets are under way at once.
    @Test func allLibrariesGiveTheSameWeights() throws {
        let changes = [
            "model.modelSize=256", "model.feedForwardSize=1024", "maximumUpdates=4", "smoothing=0",
            "validationInterval=2",
        ]
        let weights = try MPILauncher.all.map { launcher in
            let folder = try TemporaryFolder()
            let command = try launcher.run(3, TinyModel.trainArguments(folder, output: "model", changes))
            #expect(command.status == 0, "\(launcher.path): \(command.errors)")
            return try Data(contentsOf: URL(fileURLWithPath: folder.path("model/model.safetensors")))
        }
        #expect(weights.allSatisfy { $0 == weights[0] })
    }

    @Test func allTrainingsTakeRanks() throws {
        let launcher = try #require(MPILauncher.all.first)
        let folder = try TemporaryFolder()
        let text = try folder.write(String(repeating: "The cat sat on the mat.\n", count: 60), to: "text.txt")
        let pairs = try folder.write(
            (0..<12).map { "The cat number \($0) is old.\tan old cat\n" }.joined(), to: "pairs.tsv")
        let classes = try folder.write(
            "rest\tThe cat sleeps.\nmotion\tA dog runs.\nrest\tAda sleeps.\n", to: "classes.tsv")
        let alike = try folder.write(
            "the cat\tcat sleeps\nAda\tLondon\na dog\tthe dog runs\nthe sun\tthe house\n", to: "alike.tsv")
        func tuning(_ task: String, _ data: String, _ settings: [String]) -> [String] {
            ["train", task, "--model", TaskCommandTests.root + "vectors", "--train", data, "--valid", data]
                + (["batchSize=2", "maximumEpochs=3", "validationsPerEpoch=1", "dropout=false"] + settings).flatMap {
                    ["--set", $0]
                }
        }
        let sizes = [
            "model.modelSize=16", "model.headCount=2", "model.dropout=0", "training.maximumUpdates=6",
            "training.validationInterval=3",
        ]
        let trainings: [(String, [String])] = [
            (
                "language",
                ["train", "language", "--train", text, "--valid", text]
                    + (sizes + [
                        "model.layerCount=1", "text.tokenizerSize=270", "text.blockLength=16", "text.batchSize=3",
                    ])
                    .flatMap { ["--set", $0] }
            ),
            (
                "summarization",
                ["train", "summarization", "--train", pairs, "--valid", pairs]
                    + (sizes + [
                        "model.encoderLayerCount=1", "model.decoderLayerCount=1", "model.headSize=8",
                        "model.feedForwardSize=32", "text.tokenizerSize=330", "text.batchTokens=256",
                    ]).flatMap { ["--set", $0] }
            ),
            ("classify", tuning("classify", classes, [])),
            // What is compared within a batch is not divided.
            ("embed", tuning("embed", alike, ["accumulationCount=2"])),
        ]
        for (name, arguments) in trainings {
            let alone = try Command.run(arguments + ["--output", folder.path(name + "1")])
            let together = try launcher.run(2, arguments + ["--output", folder.path(name + "2")])
            #expect(alone.status == 0 && together.status == 0, "\(name): \(alone.errors)\(together.errors)")
            expectNear(try losses(folder, name + "2"), try losses(folder, name + "1"))
        }
    }

    @Test(arguments: MPILauncher.all) func otherDataAreRefused(_ launcher: MPILauncher) throws {
        let folder = try TemporaryFolder()
        let arguments = try TinyModel.trainArguments(folder, output: "model", Self.few)
        let other = try folder.write(TinyModel.pairs.dropLast().joined(separator: "\n"), to: "other.tsv")
        let attend = Command.executable.path
        let different = try launcher.run(
            ["-n", "1", attend] + arguments + [":", "-n", "1", attend]
                + arguments.map { $0.hasSuffix("/pairs.tsv") ? other : $0 } + ["--set", "peakRate=0.02"])
        #expect(different.status == 65, "\(different.errors)")
        let sentence = different.errors.split(separator: "\n").filter {
            $0.hasPrefix("attend: train: expected all ranks")
        }
        #expect(sentence.count == 1, "\(different.errors)")
        #expect(sentence.first?.contains("training data 48 pairs (") == true, "\(different.errors)")
        #expect(
            sentence.first?.contains("training.peakRate 0.01 on rank 0 and 0.02 on rank 1") == true,
            "\(different.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("model/training/checkpoint.safetensors")))
        let elsewhere = try TinyModel.trainArguments(folder, output: "absent", Self.few)
        let absent = try launcher.run(
            ["-n", "1", attend] + elsewhere + [":", "-n", "1", attend]
                + elsewhere.map { $0.hasSuffix("/pairs.tsv") ? folder.path("none.tsv") : $0 })
        #expect(absent.status == 65 && absent.errors.contains("attend: rank 1: "), "\(absent.errors)")
    }

    @Test(arguments: MPILauncher.all) func aLibraryThatIsNotThereIsNamed(_ launcher: MPILauncher) throws {
        let folder = try TemporaryFolder()
        let command = try launcher.run(
            2, TinyModel.trainArguments(folder, output: "model"), environment: ["ATTENTION_MPI": "libnothing.so"])
        #expect(command.status == 65, "\(command.errors)")
        #expect(
            command.errors.contains(
                "attend: mpirun: expected an MPI library to load, found none: tried libnothing.so ("),
            "\(command.errors)")
        #expect(command.errors.contains("install openmpi-bin or mpich"), "\(command.errors)")
    }

    /// Killed while it trains, a rank takes all others with it; other ranks go on where it was saved.
    @Test(arguments: MPILauncher.all) func aKilledRankEndsAllAndTheCheckpointStays(_ launcher: MPILauncher) throws {
        let folder = try TemporaryFolder()
        let changes = ["maximumUpdates=60", "checkpointInterval=1", "validationInterval=20"]
        let alone = try Command.run(TinyModel.trainArguments(folder, output: "alone", changes))
        #expect(alone.status == 0, "\(alone.errors)")
        let output = folder.path("model")
        let long = try TinyModel.trainArguments(
            folder, output: "model", ["maximumUpdates=100000"] + changes.dropFirst())
        let process = try launcher.start(3, long)
        while !FileManager.default.fileExists(atPath: output + "/training/checkpoint.safetensors"), process.isRunning {
            usleep(10_000)
        }
        let ranks = try Self.processes(mentioning: output)
        #expect(ranks.count == 3)
        kill(try #require(ranks.last), SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationStatus != 0)
        for _ in 0..<500 where try !Self.processes(mentioning: output).isEmpty { usleep(10_000) }
        #expect(try Self.processes(mentioning: output).isEmpty)
        let rest = try TinyModel.trainArguments(folder, output: "model", changes) + ["--resume"]
        let resumed = try launcher.run(2, rest)
        #expect(resumed.status == 0, "\(resumed.errors)")
        expectNear(try losses(folder, "model"), try losses(folder, "alone"))
        #expect(FileManager.default.fileExists(atPath: output + "/model.safetensors"))
    }

    /// The processes of `attend` that have this word in their arguments, by the order in which they were started.
    private static func processes(mentioning word: String) throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.sorted().filter {
            process in
            guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return false }
            let words = String(decoding: line, as: UTF8.self).split(separator: "\0")
            return words.first.map { $0 == Command.executable.path } == true && words.contains(word[...])
        }
    }
}

/// A program that starts ranks.
struct MPILauncher: CustomTestStringConvertible {
    let path: String
    var testDescription: String { path }

    static let all: [MPILauncher] = {
        let named = ProcessInfo.processInfo.environment["ATTENTION_TEST_MPIRUN"]?.split(separator: ":").map(String.init)
        let known = ["/usr/bin/mpirun.openmpi", "/usr/bin/mpirun.mpich"]
        return (named ?? known).filter(FileManager.default.isExecutableFile).map(MPILauncher.init)
    }()

    /// Open MPI wants to be asked twice before it runs as root, or more ranks than there are cores.
    private static let permissions = [
        "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
        "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
    ]

    func run(_ rankCount: Int, _ arguments: [String], environment: [String: String] = [:]) throws -> Command {
        try run(["-n", "\(rankCount)", Command.executable.path] + arguments, environment)
    }

    func run(_ words: [String], _ environment: [String: String] = [:]) throws -> Command {
        try Command.run(
            words, environment: Self.permissions.merging(environment) { $1 }, program: URL(fileURLWithPath: path))
    }

    func start(_ rankCount: Int, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-n", "\(rankCount)", Command.executable.path] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(Self.permissions) { $1 }
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        return process
    }
}
