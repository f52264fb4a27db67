/// One line that says how a training is going, for a terminal.
public struct ProgressLine: Sendable, Hashable, CustomStringConvertible {
    /// `update 1200/8000  epoch 3  loss 2.345  12034 tokens/s  rate 5.0e-04  norm 1.20  12 min left`
    public let description: String

    /// The line for a report. Parts of the loss stand behind it, in alphabetical order.
    ///
    /// - Parameters:
    ///   - maximumUpdates: how many updates are to be made, if that is fixed.
    ///   - unit: what losses are summed over.
    public init(_ report: TrainingReport, maximumUpdates: Int? = nil, unit: String = "tokens") {
        let updates = "\(report.update)" + (maximumUpdates.map { "/\($0)" } ?? "")
        let losses = [("loss", report.loss)] + report.parts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let parts =
            ["update \(updates)", "epoch \(report.epoch + 1)"]
            + losses.map { "\($0) \(fixed($1, decimals: 3))" }
            + [
                "\(fixed(report.weightPerSecond, decimals: 0)) \(unit)/s",
                "rate \(scientific(Double(report.learningRate)))",
                "norm \(fixed(Double(report.gradientNorm), decimals: 2))",
            ]
        description = (parts + (report.secondsLeft.map { ["\(duration($0)) left"] } ?? [])).joined(separator: "  ")
    }
}

/// A number with so many digits after the point.
private func fixed(_ value: Double, decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    guard value.isFinite, abs(value) * scale < 1e15 else { return "\(value)" }
    let digits = String(Int((abs(value) * scale).rounded()))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 ? "-" : ""
    return decimals == 0 ? sign + padded : sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
}

/// A positive number as `5.0e-04`.
private func scientific(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return fixed(value, decimals: 1) }
    var (mantissa, exponent) = (value, 0)
    while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 0.995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    let digits = String(abs(exponent))
    return fixed(mantissa, decimals: 1) + "e" + (exponent < 0 ? "-" : "+") + (digits.count < 2 ? "0" : "") + digits
}

/// `45 s`, `12 min`, `3 h 05 min`
private func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "long" }
    let minutes = Int((seconds / 60).rounded())
    switch seconds {
    case ..<99.5: return "\(Int(seconds.rounded())) s"
    case ..<5970: return "\(minutes) min"
    default: return "\(minutes / 60) h \(minutes % 60 < 10 ? "0" : "")\(minutes % 60) min"
    }
}
