import Attention
import AttentionCommand

extension Validation {
    private static let doctor = "attention."

    /// The metrics with words for each, and what the doctor has found.
    func inWords(_ words: (String, Double) -> String = { ", \($0) \($1.shown(4))" }) -> String {
        metrics.sorted { $0.key < $1.key }.filter { !$0.key.hasPrefix(Self.doctor) }.map { words($0.key, $0.value) }
            .joined() + findings
    }

    /// What the doctor has found, in words.
    private var findings: String {
        let kinds = metrics.sorted { $0.key < $1.key }.compactMap { name, count in
            name.hasPrefix(Self.doctor) ? "\(Int(count)) \(name.dropFirst(Self.doctor.count))" : nil
        }
        return kinds.isEmpty
            ? "" : "; attention: \(kinds.joined(separator: ", ")) (attend doctor says why, and what helps)"
    }
}
