import AttentionFiles
import AttentionInspection
import AttentionReinforcement
import AttentionTensors
import AttentionTraining
import Glibc

/// Does it help to be told what return followed? A Decision Transformer on logged episodes, and a clone of the best of them beside it.
///
///     swift run -c release DecisionTransformer POLICY|random:ENVIRONMENT UPDATES [SEED [EPISODES [CURVE.svg]]]
///
/// Episodes of a policy that `attend train policy` left, or of chance, are all there is to learn from. One model is told the return to go and may then be
/// asked for one; another clones the tenth with the highest returns, and is told none. *Source:* Chen et al. 2021, *Decision Transformer: Reinforcement
/// Learning via Sequence Modeling*, sec. 5.1 and 5.4.
@main
struct DecisionTransformer {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard (2...5).contains(arguments.count), let updates = Int(arguments[1]), updates > 0,
            let seed = arguments.count < 3 ? 1 : UInt64(arguments[2]),
            let count = arguments.count < 4 ? 1000 : Int(arguments[3]), count >= 10
        else { usage() }
        let key = RandomKey(seed: seed)
        let (logged, environment) = try episodes(of: arguments[0], count: count, key: key[0])
        var training = TrajectoryTraining(environment)
        (training.updates, training.seed) = (updates, seed)
        let comparison = try Comparison(logged, in: environment, training, key: key[1]) {
            print(ProgressLine($0, maximumUpdates: updates))
        }
        print(comparison.text)
        if arguments.count == 5 { try AtomicFile.write(Array(comparison.chart.svg.utf8), to: arguments[4]) }
    }

    private static func usage() -> Never {
        print("usage: DecisionTransformer POLICY|random:ENVIRONMENT UPDATES [SEED [EPISODES [CURVE.svg]]]")
        exit(64)
    }

    /// Episodes of the policy in a folder, or of chance in `random:ENVIRONMENT`, and what was played.
    private static func episodes(
        of source: String, count: Int, key: RandomKey
    ) throws -> (LoggedEpisodes, any Environment) {
        if source.hasPrefix("random:") {
            let environment = try EnvironmentSettings(EnvironmentName(String(source.dropFirst(7)))).environment()
            let policy = RandomPolicy(actionCount: environment.actionNames.count)
            return (try LoggedEpisodes(of: policy, in: environment, count: count, key: key), environment)
        }
        let folder = try PolicyFolder(path: source)
        let logged = try LoggedEpisodes(of: folder.policy, in: folder.environment, count: count, key: key)
        return (logged, folder.environment)
    }
}
