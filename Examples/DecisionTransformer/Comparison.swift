package import AttentionInspection
package import AttentionReinforcement
package import AttentionTensors
package import AttentionTraining

/// What a model reaches that is asked for returns, beside what was logged and beside a clone of the best of it.
package struct Comparison: Sendable {
    /// How episodes went.
    package struct Outcome: Sendable {
        /// The mean return.
        package let meanReturn: Float
        /// The share of successes.
        package let success: Float

        init(_ returns: [Float], in environment: any Environment) {
            let share = 1 / Float(max(1, returns.count))
            meanReturn = returns.reduce(0, +) * share
            success = Float(returns.count { $0 >= environment.successReturn }) * share
        }

        fileprivate var text: String {
            "mean return \(Double(meanReturn).decimals(3)), \((100 * Double(success)).decimals(1)) % successful"
        }
    }

    /// What was learnt from.
    package let logged: Outcome
    /// The tenth of it with the highest returns.
    package let best: Outcome
    /// What comes of asking for a return: from the lowest to the highest that was logged.
    package let conditioned: [(wanted: Float, outcome: Outcome)]
    /// What a clone of the best tenth does.
    package let clone: Outcome

    /// How many episodes each is judged by.
    private static let episodeCount = 500

    /// Trains both models, and lets them act.
    package init(
        _ episodes: LoggedEpisodes, in environment: any Environment, _ training: TrajectoryTraining, key: RandomKey,
        observer: (TrainingReport) -> Void = { _ in }
    ) throws {
        func outcome(_ actor: ReturnConditionedActor, wanting wanted: Float) throws -> Outcome {
            Outcome(
                try actor.returns(wanting: wanted, episodeCount: Self.episodeCount, key: key), in: environment)
        }
        func observe(_ event: TrainingEvent) { if case .progress(let report) = event { observer(report) } }
        let (returns, bestTenth) = (episodes.episodes.map(\.totalReward), episodes.bestTenth)
        logged = Outcome(returns, in: environment)
        best = Outcome(bestTenth.episodes.map(\.totalReward), in: environment)
        let told = ReturnConditionedActor(
            try training.model(of: episodes, for: .conditioning, observer: observe), in: environment)
        let (low, high) = (returns.min() ?? 0, returns.max() ?? 0)
        conditioned = try (0...4).map { step in
            let share = Float(step) / 4
            let wanted = low * (1 - share) + high * share
            return (wanted, try outcome(told, wanting: wanted))
        }
        let cloned = ReturnConditionedActor(
            try training.model(of: bestTenth, for: .cloning, observer: observe), in: environment)
        clone = try outcome(cloned, wanting: 0)
    }

    /// All of it in lines.
    package var text: String {
        let lines =
            ["logged: \(logged.text)"]
            + conditioned.map { "wanting a return of \(Double($0.wanted).decimals(3)): \($0.outcome.text)" }
            + ["the best tenth: \(best.text)", "its clone: \(clone.text)"]
        return lines.joined(separator: "\n")
    }

    /// Return reached against return asked for.
    package var chart: LineChart {
        func series(_ name: String, _ value: (Float, Outcome) -> Float) -> LineChart.Series {
            LineChart.Series(
                name: name,
                points: conditioned.map {
                    LineChart.Point(x: Double($0.wanted), y: Double(value($0.wanted, $0.outcome)))
                })
        }
        return LineChart(
            title: "What comes of asking for a return", x: LineChart.Axis("return asked for"),
            y: LineChart.Axis("mean return"),
            series: [
                series("Decision Transformer") { $1.meanReturn }, series("as asked for") { wanted, _ in wanted },
                series("logged") { _, _ in logged.meanReturn },
                series("clone of the best tenth") { _, _ in clone.meanReturn },
            ])
    }
}
