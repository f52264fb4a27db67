public import CoreMetrics
internal import Synchronization

/// Counters in the text form that Prometheus reads (exposition format 0.0.4): a factory for swift-metrics, whoever counts.
///
/// Counters are counters, meters and recorders that do not aggregate are gauges, timers are histograms in seconds, and recorders that aggregate
/// histograms of what they record.
public final class PrometheusMetrics: MetricsFactory {
    struct Key: Hashable {
        let name: String
        let labels: [String]
    }

    private let known = Mutex<[Key: PrometheusSeries]>([:])
    private let buckets: [Double]

    /// - Parameter buckets: the upper bounds of histograms, growing.
    public init(
        buckets: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
    ) {
        self.buckets = buckets
    }

    /// The page: every series, sorted, each metric with its type.
    public func page() -> String {
        let all = known.withLock(\.self).sorted {
            ($0.key.name, $0.key.labels.joined()) < ($1.key.name, $1.key.labels.joined())
        }
        var (lines, last): ([String], String?) = ([], nil)
        for (key, one) in all {
            if key.name != last { lines.append("# TYPE \(key.name) \(one.kind.rawValue)") }
            last = key.name
            lines += one.lines(key.name, key.labels)
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The series of a metric with these labels, begun at nothing if nobody has asked for it yet.
    func series(
        _ label: String, _ dimensions: [(String, String)], _ kind: PrometheusSeries.Kind
    ) -> PrometheusSeries {
        let labels = dimensions.map { name, value in "\(Self.name(name))=\"\(Self.escaped(value))\"" }.sorted()
        let key = Key(name: Self.name(label), labels: labels)
        return known.withLock { known in
            if let series = known[key] { return series }
            let new = PrometheusSeries(kind, buckets: kind == .histogram ? buckets : [])
            known[key] = new
            return new
        }
    }

    /// Letters, digits, colons and underscores are all that a name may have.
    private static func name(_ text: String) -> String {
        let inner = text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") ? $0 : "_" }
        return inner.first?.isNumber == true ? "_" + String(inner) : String(inner)
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }

    // MARK: The factory

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter)
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge)
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions, aggregate ? .histogram : .gauge)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram)
    }

    /// What was counted stays: Prometheus expects counters not to vanish.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}
