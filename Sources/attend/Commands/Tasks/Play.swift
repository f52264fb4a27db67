import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles
import Glibc

struct Play: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a policy act in an environment: cartpole, key-door or memory.",
        discussion: """
            The policy is a folder that attend train policy left, random, or else the small one inside this program. It does what it thinks best; \
            with --sample it does everything as often as it thinks good. With --watch every step is drawn, and beside it how likely each action was and \
            where the policy looked: at what it sees, or at the steps that it remembers. The same seed is the same episodes.
            """)

    @Argument(help: "The environment: cartpole, key-door or memory.")
    var environment: String
    @Option(
        help: ArgumentHelp(
            "A folder with config.json and model.safetensors, or random.", valueName: "dir|random"))
    var policy: String?
    @Flag(help: "Draw every step.")
    var watch = false
    @Flag(help: "Draw actions by chance, each as likely as the policy says, instead of taking the likeliest.")
    var sample = false
    @Option(parsing: .unconditional, help: "How many episodes.")
    var episodes = 1
    @Option(parsing: .unconditional, help: "Steps a second that are shown in a terminal.")
    var pace = 12.0
    @Option(parsing: .unconditional, help: "Where randomness comes from.")
    var seed: UInt64 = 0
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var threads: ThreadOptions

    private struct Answer: Encodable {
        let environment: String
        let policy: String
        let seed: UInt64
        let meanReturn: Double
        let success: Double
        let episodes: [EpisodeResult]
    }

    func validate() throws {
        guard 1...1_000_000 ~= episodes else {
            throw ValidationError("--episodes: expected 1 to 1000000, found \(episodes)")
        }
        guard pace > 0, pace <= 1000 else {
            throw ValidationError("--pace: expected above 0 and at most 1000, found \(pace)")
        }
        if watch, json { throw ValidationError("expected one of --watch and --json, found both") }
    }

    func run() throws {
        threads.apply()
        Interruption.endsLines()
        let name = try EnvironmentName(environment)
        guard policy != "random" else {
            let world = try EnvironmentSettings(name).environment()
            return try play(RandomPolicy(actionCount: world.actionNames.count), world, .sampled, "random")
        }
        let folder = try policy.map { try PolicyFolder(path: $0) } ?? PolicyFolder.standard(name)
        guard folder.configuration.environment.name == name else {
            throw ReinforcementError.otherEnvironment(
                folder: policy ?? "", expected: name.rawValue, found: folder.configuration.environment.name.rawValue)
        }
        let kind = folder.configuration.policy.kind.rawValue
        try play(folder.policy, folder.environment, sample ? .sampled : .likeliest, kind)
    }

    private func play<Acting: Policy>(
        _ policy: Acting, _ world: any Environment, _ choice: ActionChoice, _ kind: String
    ) throws {
        let key = RandomKey(seed: seed)
        if watch {
            for episode in 0..<episodes {
                try show(PolicyRun(of: policy, in: world, choice: choice, key: key[episode]), episode: episode)
            }
            return
        }
        let results = try PolicyRun.results(
            of: policy, in: world, episodeCount: episodes, choice: choice, key: key)
        let share = 1 / Double(results.count)
        let mean = results.reduce(0) { $0 + Double($1.totalReward) } * share
        let success = Double(results.count(where: \.isSuccess)) * share
        if json {
            let answer = Answer(
                environment: environment, policy: kind, seed: seed, meanReturn: mean, success: success,
                episodes: results)
            return try Results.print(try JSONEncoding.text(of: answer))
        }
        if results.count <= 20 {
            for (index, result) in results.enumerated() { try Results.print(line(index, result)) }
        }
        if results.count > 1 {
            try Results.print(
                "\(results.count) episodes: mean return \(mean.shown(2)), \((100 * success).shown(1)) % successful"
            )
        }
    }

    private func line(_ episode: Int, _ result: EpisodeResult) -> String {
        "episode \(episode + 1): return \(Double(result.totalReward).shown(2)), \(result.stepCount) steps"
            + (result.isSuccess ? ", a success" : "")
    }

    /// Draws an episode step by step: in a terminal one picture over the other, elsewhere one below the other.
    private func show(_ run: PolicyRun<some Policy>, episode: Int) throws {
        var run = run
        var before = run.environment
        while let move = try run.next() {
            let frame = PlayFrame(
                before, move, title: "episode \(episode + 1), step \(run.stepCount)", totalReward: run.totalReward)
            try Results.print((Terminal.isInteractive ? "\u{1B}[H\u{1B}[J" : "") + frame.text + "\n")
            if Terminal.isInteractive { usleep(UInt32(1e6 / pace)) }
            before = run.environment
        }
        try Results.print(run.environment.drawing.joined(separator: "\n") + "\n\n" + line(episode, run.result))
    }
}
