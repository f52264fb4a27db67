import AttentionReinforcement
import AttentionTensors
import AttentionTraining
import Glibc

/// Does it help to be told what return followed? A Decision Transformer on logged episodes, and a clone of the best of them beside it.
///
///     swift run -c release DecisionTransformer POLICY|random:ENVIRONMENT UPDATES [SEED [EPISODES]]
///
/// Episodes of a policy that `attend train policy` left, or of chance, are all there is to learn from. One model is told the return to go and may then be
/// asked for one; another clones the tenth with the highest returns, and is told none. *Source:* Chen et al. 2021, *Decision Transformer: Reinforcement
/// Learning via Sequence Modeling*, sec. 5.1 and 5.3.
@main
struct DecisionTransformer {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard (2...4).contains(arguments.count), let updates = Int(arguments[1]), updates > 0,
            let seed = arguments.count < 3 ? 1 : UInt64(arguments[2]),
            let count = arguments.count < 4 ? 1000 : Int(arguments[3]), count >= 10
        else { usage() }
        let logged: LoggedEpisodes
        let environment: any Environment
        let key = RandomKey(seed: seed)
        if arguments[0].hasPrefix("random:") {
            environment = try EnvironmentSettings(EnvironmentName(String(arguments[0].dropFirst(7)))).environment()
            let policy = RandomPolicy(actionCount: environment.actionNames.count)
            logged = try LoggedEpisodes(of: policy, in: environment, count: count, key: key[0])
        } else {
            let folder = try PolicyFolder(path: arguments[0])
            environment = folder.environment
            logged = try LoggedEpisodes(of: folder.policy, in: environment, count: count, key: key[0])
        }
        var training = TrajectoryTraining(environment)
        (training.updates, training.seed) = (updates, seed)
        try report(logged, environment, training, key[1])
    }

    private static func usage() -> Never {
        print("usage: DecisionTransformer POLICY|random:ENVIRONMENT UPDATES [SEED [EPISODES]]")
        exit(64)
    }

    private static func report(
        _ logged: LoggedEpisodes, _ environment: any Environment, _ training: TrajectoryTraining, _ key: RandomKey
    ) throws {
        func percent(_ returns: [Float]) -> String {
            let share = Float(returns.count { $0 >= environment.successReturn }) / Float(max(1, returns.count))
            return "\((share * 1000).rounded() / 10) % successful"
        }
        func progress(_ event: TrainingEvent) {
            if case .progress(let report) = event { print(ProgressLine(report, maximumUpdates: training.updates)) }
        }
        print("logged: \(logged.episodes.count) episodes, \(percent(logged.episodes.map(\.totalReward)))")
        let told = ReturnConditionedActor(
            try training.model(of: logged, seesReturns: true, observer: progress), in: environment)
        for wanted in [0, 0.25, 0.5, 0.75, 1] as [Float] {
            let returns = try told.returns(wanting: wanted, episodeCount: 300, key: key)
            print("wanting a return of \(wanted): \(percent(returns))")
        }
        let clone = ReturnConditionedActor(
            try training.model(of: logged.bestTenth, seesReturns: false, observer: progress), in: environment)
        let best = logged.bestTenth.episodes.map(\.totalReward)
        print(
            "the best tenth: \(percent(best)); its clone: \(percent(try clone.returns(wanting: 0, episodeCount: 300, key: key)))"
        )
    }
}
