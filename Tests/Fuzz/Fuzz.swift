import AttentionFiles
import Glibc

/// Gives damaged files to what reads them: `Fuzz TARGET SEEDS SECONDS SEED CASE`.
///
/// Whatever the bytes are, they are refused with a typed error, or what was read can be used. The case at hand lies in the file CASE: if the
/// process traps, a sanitizer stops it, or a case takes more than ten seconds, that file is the finding.
@main struct Fuzz {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 6, let target = Targets.all[arguments[1]], let seconds = Double(arguments[3]),
            let seed = UInt64(arguments[4])
        else {
            print("expected TARGET SEEDS SECONDS SEED CASE, TARGET one of \(Targets.all.keys.sorted())")
            exit(64)
        }
        let seeds = try Directory.names(in: arguments[2]).map { try FileContents.read(arguments[2] + "/" + $0) }
        var mutator = Mutator(seeds: seeds, seed: seed)
        let clock = ContinuousClock()
        let start = clock.now
        var (count, readCount) = (0, 0)
        while clock.now - start < .seconds(seconds) {
            // The first cases are the seeds themselves.
            let bytes = count < seeds.count ? seeds[count] : mutator.next()
            // It outlives the process, if not the machine: to wait for the disk would take longer than the case.
            try AppendingFile(path: arguments[5], keeping: 0).append(bytes)
            alarm(10)
            if try target(bytes) { readCount += 1 }
            count += 1
        }
        alarm(0)
        print("\(arguments[1]): \(count) cases in \(Int(seconds)) s, \(readCount) of them read and used, seed \(seed)")
        guard readCount >= seeds.count else {
            print("expected all \(seeds.count) seeds to be read")
            exit(1)
        }
    }
}
