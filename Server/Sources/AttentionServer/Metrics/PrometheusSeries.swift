import CoreMetrics
internal import Synchronization

/// One series of numbers: a counter, a gauge or a histogram.
final class PrometheusSeries: Sendable {
    /// As the page names it.
    enum Kind: String { case counter, gauge, histogram }

    private struct State {
        /// The number, or the sum of what was recorded.
        var value = 0.0
        /// How many were recorded, and how many in each bucket alone.
        var (count, counts): (Int, [Int])
    }

    let kind: Kind
    private let bounds: [Double]
    private let state: Mutex<State>

    init(_ kind: Kind, buckets: [Double]) {
        (self.kind, bounds) = (kind, buckets)
        state = Mutex(State(count: 0, counts: Array(repeating: 0, count: buckets.count)))
    }

    /// Its lines on the page.
    func lines(_ name: String, _ labels: [String]) -> [String] {
        func line(_ suffix: String, _ more: [String], _ value: String) -> String {
            let all = labels + more
            return name + suffix + (all.isEmpty ? "" : "{" + all.joined(separator: ",") + "}") + " " + value
        }
        let state = state.withLock(\.self)
        guard kind == .histogram else { return [line("", [], Self.text(state.value))] }
        var (lines, total): ([String], Int) = ([], 0)
        for (bound, count) in zip(bounds, state.counts) {
            total += count
            lines.append(line("_bucket", ["le=\"\(Self.text(bound))\""], "\(total)"))
        }
        lines.append(line("_bucket", ["le=\"+Inf\""], "\(state.count)"))
        return lines + [line("_sum", [], Self.text(state.value)), line("_count", [], "\(state.count)")]
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    private func observe(_ value: Double) {
        let place = bounds.firstIndex { value <= $0 }
        state.withLock { state in
            state.value += value
            state.count += 1
            if let place { state.counts[place] += 1 }
        }
    }

    private func add(_ value: Double) { state.withLock { $0.value += value } }
    private func put(_ value: Double) { state.withLock { $0.value = value } }
}

extension PrometheusSeries: CounterHandler, FloatingPointCounterHandler {
    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func reset() { put(0) }
}

extension PrometheusSeries: MeterHandler {
    func set(_ value: Int64) { put(Double(value)) }
    func set(_ value: Double) { put(value) }
    func decrement(by amount: Double) { add(-amount) }
}

extension PrometheusSeries: RecorderHandler {
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { if kind == .histogram { observe(value) } else { put(value) } }
}

extension PrometheusSeries: TimerHandler {
    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }
}
