import AttentionFiles
import AttentionInspection

/// What one mechanism reached.
public struct ComparisonRow: Sendable, Hashable, Codable {
    /// The mechanism.
    public let name: String
    /// The model's trained numbers.
    public let parameterCount: Int
    /// Cross-entropy per token on held-out sequences, in nats, each target given.
    public let loss: Double
    /// The share of held-out sequences that the model writes without a mistake.
    public let accuracy: Double
    /// Target tokens per second of training.
    public let tokensPerSecond: Double
    /// The most memory that tensors took at once while training, in megabytes.
    public let peakMegabytes: Double
    /// How widely a token's attention is spread, in nats; nil without attention.
    public let entropy: Double?
    /// Accuracy by length, short to long.
    public let byLength: [LengthBucket]

    /// Sequences of about the same length.
    public struct LengthBucket: Sendable, Hashable, Codable {
        /// The fewest symbols.
        public let from: Int
        /// The most.
        public let to: Int
        /// How many sequences.
        public let sequences: Int
        /// The share written without a mistake.
        public let accuracy: Double
    }
}

/// The rows of a comparison as table, chart and JSON.
public struct ComparisonTable: Sendable {
    /// In the order they were asked for.
    public let rows: [ComparisonRow]

    /// A table of these rows.
    public init(_ rows: [ComparisonRow]) { self.rows = rows }

    /// One line a mechanism, columns parted by tabs.
    public var text: String {
        let head = ["mechanism", "parameters", "loss", "accuracy", "tokens/s", "peak MB", "entropy"]
        let lines = rows.map { row in
            [
                row.name, "\(row.parameterCount)", row.loss.shown(4), (100 * row.accuracy).decimals(1) + " %",
                row.tokensPerSecond.decimals(0), row.peakMegabytes.decimals(1),
                row.entropy?.shown(3) ?? "–",
            ]
        }
        let widths = head.indices.map { column in ([head] + lines).map { $0[column].count }.max() ?? 0 }
        return ([head] + lines).map { line in
            line.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - line[column].count)
                return column == 0 ? line[column] + padding : padding + line[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// All rows as JSON.
    public func json() throws -> String { try JSONEncoding.text(of: rows, as: .lines) }

    /// Accuracy by length as lines; quality, speed, memory and entropy as bars; one picture.
    public var svg: String {
        let lines = rows.map { row in
            LineChart.Series(
                name: row.name,
                points: row.byLength.map { LineChart.Point(x: Double($0.from + $0.to) / 2, y: 100 * $0.accuracy) })
        }
        let curve = LineChart(
            title: "Accuracy by length", x: LineChart.Axis("symbols in the source"),
            y: LineChart.Axis("sequences without a mistake (%)"), series: lines)
        return ChartSheet([
            curve,
            bars("Quality: sequences without a mistake (%)") { 100 * $0.accuracy },
            bars("Speed: target tokens per second of training", \.tokensPerSecond),
            bars("Memory: peak of all tensors (MB)", \.peakMegabytes),
            bars("Entropy of the alignment (nats)", \.entropy),
        ]).svg
    }

    private func bars(_ title: String, _ value: (ComparisonRow) -> Double?) -> BarChart {
        BarChart(title: title, bars: rows.map { BarChart.Bar(name: $0.name, value: value($0)) })
    }
}
