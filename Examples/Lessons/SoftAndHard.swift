import Attention
import AttentionVariants
import Foundation

/// Reading a little of everything, or one thing at a time.
package enum SoftAndHard {
    /// What one gets for reading each of four words, and where one looks at first.
    static let rewards: [Float] = [1, 3, 0, 2]
    static let scores: [Float] = [0.5, 0, 1, -0.5]

    private static let mechanism = AttentionMechanism(score: .dot)

    /// So many times the same four words, each found by its place.
    private static func memory(_ count: Int) throws -> Memory {
        let places = try Tensor((0..<16).map { $0 / 4 == $0 % 4 ? 1 : 0 }, shape: [1, 1, 4, 4])
        let worth = try Tensor(rewards, shape: [1, 1, 4, 1])
        return try mechanism.remember(
            keys: places.expanded(to: [count, 1, 4, 4]), values: worth.expanded(to: [count, 1, 4, 1]))
    }

    /// How the expected reward grows with each score, exactly: soft attention has a derivative.
    package static func exactGradient() throws -> [Float] {
        let query = try Tensor(scores, shape: [1, 1, 1, 4]).tracked()
        let read = try mechanism.attend(query, memory(1))
        return try read.sum().gradients()[query]?.values ?? []
    }

    /// The same estimated by so many draws, each of one word: the mean and the deviation of a single draw, for each score.
    package static func estimatedGradient(drawCount: Int, baseline: Float) throws -> (mean: [Float], deviation: [Float])
    {
        let query = try Tensor(scores, shape: [1, 1, 1, 4]).expanded(to: [drawCount, 1, 1, 4]).contiguous().tracked()
        let draw = try mechanism.sample(query, memory(drawCount), key: RandomKey(seed: 1))
        let surrogate = try draw.surrogate(
            reward: draw.context.reshaped(to: [drawCount, 1, 1]), baseline: Tensor([baseline], shape: [1, 1, 1]))
        let found = try surrogate.gradients()[query]?.values ?? []
        let columns = (0..<4).map { column in (0..<drawCount).map { Double(found[$0 * 4 + column]) } }
        let means = columns.map { $0.reduce(0, +) / Double(drawCount) }
        let deviations = zip(columns, means).map { column, mean in
            (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(drawCount)).squareRoot()
        }
        return (means.map { Float($0) }, deviations.map { Float($0) })
    }

    static func report() throws -> String {
        func row(_ name: String, _ numbers: [Float]) -> String {
            name + numbers.map { String(format: "%8.3f", $0) }.joined()
        }
        let (plain, compared) = (
            try estimatedGradient(drawCount: 20_000, baseline: 0),
            try estimatedGradient(drawCount: 20_000, baseline: 1.2)
        )
        return [
            row("soft, exactly        ", try exactGradient()), row("hard, 20,000 draws   ", plain.mean),
            row("  deviation of a draw", plain.deviation), row("with a baseline      ", compared.mean),
            row("  deviation of a draw", compared.deviation),
        ].joined(separator: "\n") + "\n"
    }

    static func drawing() throws -> String {
        let baselines = stride(from: Float(0), through: 2.5, by: 0.25)
        let points = try baselines.map { baseline in
            let found = try estimatedGradient(drawCount: 5_000, baseline: baseline).deviation
            return LineChart.Point(x: Double(baseline), y: Double(found.reduce(0, +) / Float(found.count)))
        }
        return LineChart(
            title: "How wrong one draw is", x: LineChart.Axis("baseline"),
            y: LineChart.Axis("deviation of a draw, mean of the scores"),
            series: [LineChart.Series(name: "hard attention", points: points)]
        ).svg
    }
}
