import AttentionInspection
import AttentionTensors
import AttentionTraining

extension ValidationResult {
    /// The same, and how much that is serious the doctor finds where a model looks, by kind, such as `attention.collapsed`; nothing of a sound one. In
    /// full precision, since what a lower one rounds would be found, too.
    /// - Parameter patient: the model with something to read; nil of one that cannot be examined.
    func examining(_ patient: () throws -> (any AttentionPatient)?) throws -> ValidationResult {
        func findings(in patient: some AttentionPatient) throws -> [AttentionFinding] {
            try AttentionDoctor().findings(in: patient)
        }
        let found = try withPrecision(.float32) { try patient().map { try findings(in: $0) } ?? [] }
        var result = self
        for finding in found where finding.isSerious {
            result.metrics["attention.\(finding.kind.rawValue)", default: 0] += 1
        }
        return result
    }
}

extension Array {
    /// The shortest few, which the doctor has soonest read.
    func shortest(_ count: Int = 4, by length: (Element) -> Int) -> [Element] {
        Array(sorted { length($0) < length($1) }.prefix(count))
    }
}
