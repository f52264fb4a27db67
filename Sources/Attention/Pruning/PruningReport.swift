import AttentionFiles
import AttentionInspection
public import AttentionModels

/// What pruning has done to a model.
public struct PruningReport: Sendable {
    /// A quantity of the model as it was, and of what is left.
    public struct Change<Value: Sendable>: Sendable {
        /// Of the model as it was.
        public let before: Value
        /// Of what is left.
        public let after: Value
    }

    /// What a model loses that has fewer heads.
    public struct Point: Sendable, Hashable {
        /// Which share of all heads is gone.
        public let headShare: Double
        /// How many numbers are left.
        public let parameterCount: Int
        /// The mean loss on the examples.
        public let loss: Double
        /// How long they took, in seconds.
        public let seconds: Double
    }

    /// How many heads there were.
    public let headCount: Int
    /// What has gone.
    public let plan: PruningPlan
    /// How much each part mattered, by the path of its module; where gates were learnt, how open they have settled.
    public let scores: [String: [Float]]
    /// How many numbers the model has.
    public let parameters: Change<Int>
    /// The mean loss on the examples, before any further training; nil without examples.
    public let losses: Change<Double>?
    /// How long the examples took, in seconds, each time the same threads; nil without examples.
    public let seconds: Change<Double>?
    /// The losses of the shares that were asked for.
    public let curve: [Point]

    /// Loss against size and time as SVG, both as shares of what the model had and took; without further training.
    public var chart: String {
        func series(_ name: String, _ whole: Double, _ part: (Point) -> Double) -> LineChart.Series {
            LineChart.Series(
                name: name, points: curve.map { LineChart.Point(x: 100 * part($0) / whole, y: $0.loss) })
        }
        var all = [series("parameters", Double(parameters.before)) { Double($0.parameterCount) }]
        if let seconds { all.append(series("time", seconds.before, \.seconds)) }
        return LineChart(
            title: "What is lost with heads", x: LineChart.Axis("percent of the model"), y: LineChart.Axis("loss"),
            series: all
        ).svg
    }

    /// All of it as JSON.
    public var json: String {
        func number(_ value: Double) -> JSONValue { .number(JSONNumber(value)) }
        func integers(_ values: [String: [Int]]) -> JSONValue {
            .object(
                values.sorted { $0.key < $1.key }.map { path, heads in
                    JSONMember(path, .array(heads.map { .number(JSONNumber($0)) }))
                })
        }
        func change(_ before: JSONValue, _ after: JSONValue) -> JSONValue {
            .object([JSONMember("before", before), JSONMember("after", after)])
        }
        var members = [
            JSONMember(
                "parameters",
                change(.number(JSONNumber(parameters.before)), .number(JSONNumber(parameters.after)))),
            JSONMember("heads", .number(JSONNumber(headCount))),
            JSONMember("removedHeads", integers(plan.removedHeads)),
        ]
        for (name, values) in [("loss", losses), ("seconds", seconds)] {
            if let values { members.append(JSONMember(name, change(number(values.before), number(values.after)))) }
        }
        members.append(
            JSONMember(
                "importance",
                .object(
                    scores.sorted { $0.key < $1.key }.filter { plan.keptUnits[$0.key] == nil }.filter {
                        $0.key.hasSuffix("attention")
                    }.map { path, values in JSONMember(path, .array(values.map { .number(JSONNumber($0)) })) })))
        if !curve.isEmpty {
            members.append(
                JSONMember(
                    "curve",
                    .array(
                        curve.map { point in
                            .object([
                                JSONMember("headShare", number(point.headShare)),
                                JSONMember("parameters", .number(JSONNumber(point.parameterCount))),
                                JSONMember("loss", number(point.loss)),
                                JSONMember("seconds", number(point.seconds)),
                            ])
                        })))
        }
        return String(decoding: JSONWriter.write(.object(members), as: .lines), as: UTF8.self)
    }
}

/// A model that cannot be pruned so.
public enum PruningError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A share that is none.
    case share(of: String, Double)
    /// A model whose heads are not alike.
    case unfitModel(String)
    /// A setting is outside its range.
    case setting(String, expected: String, found: String)
    /// A model of another kind than those whose heads have gates.
    case foreignGates(String)
    /// No pair that gates could be learnt on.
    case noPairs(found: Int)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .share(let parts, let share):
            "prune: expected a share of \(parts) from 0 to below 1, found \(share)"
        case .unfitModel(let name):
            "prune: expected a Transformer with scaled_dot attention and sinusoidal, learned, rope or no positions, whose heads are alike, found "
                + "another in \(name); train such a one, or prune an encoder"
        case .setting(let name, let expected, let found): "prune: expected \(name) to be \(expected), found \(found)"
        case .foreignGates(let path):
            "prune: expected a translator trained here to learn gates for its heads, found another model in \(path); "
                + "take heads out by what they matter: --heads"
        case .noPairs(let count):
            "prune: expected sentence pairs to learn gates on, found none that the model has positions for among \(count); take others"
        }
    }
}
