public import AttentionInspection
import AttentionLayers
import AttentionModels
import AttentionTensors
import Glibc

/// Looks for what is wrong with a model's attention: numbers that are none, heads that tell nothing apart, masks that let something through, caches
/// that remember something else than was read.
///
/// ```swift
/// let findings = try AttentionDoctor().findings(in: TraceableModels.model(at: path))
/// ```
public struct AttentionDoctor: Sendable {
    /// What is read, unless the model's own texts are given: sentences of different lengths.
    public static let texts = [
        "The cat sleeps.", "Yesterday we walked along the river until it was dark.",
        "She bought three red apples, two lemons and a loaf of bread at the market.", "Where is the nearest station?",
        "The driver could not drive the car fast enough because it had a problem.", "Good morning!",
    ]

    /// What may be different where nothing should be, as a share of the greatest number: what float32 leaves.
    private static let tolerance: Float = 1e-3

    /// A doctor; there is nothing to choose.
    public init() {}

    /// What is found in a model that reads these texts, the serious first.
    /// - Throws: what the model throws.
    public func findings(in model: some TraceableModel, texts: [String] = AttentionDoctor.texts) throws
        -> [AttentionFinding]
    {
        try findings(in: try model.patient(reading: texts))
    }

    /// The same of a model with its texts.
    /// - Throws: what the model throws.
    public func findings(in patient: some AttentionPatient) throws -> [AttentionFinding] {
        let numbers = brokenNumbers(of: patient)
        let heads = heads(in: try patient.samples())
        // Where numbers are none, everything else differs by them.
        let behaviour = numbers.isEmpty ? try behaviour(of: patient) : []
        let found = numbers + heads + behaviour
        return found.filter(\.isSerious) + found.filter { !$0.isSerious }
    }

    private func brokenNumbers(of patient: some AttentionPatient) -> [AttentionFinding] {
        patient.parameters.compactMap { name, parameter in
            let values = parameter.tensor.values
            let count = values.count { !$0.isFinite }
            guard count > 0 else { return nil }
            return AttentionFinding(.brokenNumbers, at: name, "\(count) of \(values.count) numbers are none")
        }
    }

    // MARK: Heads

    private func heads(in samples: [AttentionSample]) -> [AttentionFinding] {
        AttentionKind.allCases.flatMap { kind -> [AttentionFinding] in
            let own = samples.filter { $0.kind == kind }
            return (own.first?.layers.indices).map { Array($0) }.map { layers in
                layers.flatMap { findings(inLayer: $0, of: own, kind) }
            } ?? []
        }
    }

    private func findings(
        inLayer place: Int, of samples: [AttentionSample], _ kind: AttentionKind
    ) -> [AttentionFinding] {
        let layer = samples[0].layers[place].layer
        let count = samples[0].layers[place].weights.shape[1]
        var records = [HeadRecord](repeating: HeadRecord(), count: count)
        // The greatest difference of each pair of heads.
        var differences = [[Float]](repeating: [Float](repeating: 0, count: count), count: count)
        for sample in samples {
            let weights = sample.layers[place].weights
            let (width, values) = (weights.shape[3], weights.values)
            func row(_ text: Int, _ head: Int, _ query: Int) -> ArraySlice<Float> {
                let start = ((text * count + head) * weights.shape[2] + query) * width
                return values[start..<start + width]
            }
            for (text, queryCount) in sample.queryCounts.enumerated() {
                for head in 0..<count {
                    records[head].beginText()
                    for query in 0..<queryCount {
                        let visible = sample.visibleCount(row: text, query: query)
                        let own = row(text, head, query)
                        records[head].add(own, visible: visible, present: sample.keyCounts[text])
                        for other in 0..<head {
                            let far = zip(own, row(text, other, query)).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
                            differences[head][other] = max(differences[head][other], far)
                        }
                    }
                }
            }
        }
        func name(_ head: Int) -> String { Head(kind, layer: layer, head: head).text }
        var found = records.enumerated().flatMap { findings(of: $1, at: name($0)) }
        for head in 0..<count {
            let record = records[head]
            guard record.brokenCount == 0, !record.isUniform, !record.isCollapsed else { continue }
            // A head that rests at the first place is like any other that does.
            guard record.firstShare < 0.95 else { continue }
            for other in 0..<head where differences[head][other] < 1e-5 {
                found.append(
                    AttentionFinding(.duplicate, at: name(head), "it looks as \(name(other)) does in every text"))
            }
        }
        return found
    }

    private func findings(of record: HeadRecord, at name: String) -> [AttentionFinding] {
        func finding(_ kind: AttentionFinding.Kind, _ observation: String) -> AttentionFinding {
            AttentionFinding(kind, at: name, observation)
        }
        if record.brokenCount > 0 {
            return [finding(.brokenRows, "\(record.brokenCount) of \(record.rowCount) rows are no numbers")]
        }
        var found: [AttentionFinding] = []
        if record.leaked.future > 1e-6 {
            found.append(finding(.leak, "places that come later get up to \(record.leaked.future.short)"))
        }
        if record.leaked.padding > 1e-6 {
            found.append(finding(.padding, "what fills rows up gets up to \(record.leaked.padding.short)"))
        }
        if record.isUniform {
            found.append(finding(.uniform, "every row gives all places the same"))
        } else if record.isCollapsed {
            found.append(finding(.collapsed, "every row of a text gives one place everything"))
        } else if record.firstShare > 0.7 {
            found.append(finding(.sink, "the first place gets \(Float(record.firstShare).short) on average"))
        } else if record.meanEntropy > 0.97 {
            found.append(
                finding(.diffuse, "it spreads by \(Float(record.meanEntropy).short) of what it could at most"))
        }
        return found
    }

    // MARK: What must not matter

    private func behaviour(of patient: some AttentionPatient) throws -> [AttentionFinding] {
        let changes: [(AttentionFinding.Kind, Float?, String)] = [
            (.leak, try patient.changeFromLater(), "what comes later changes what came before"),
            (.padding, try patient.changeFromPadding(), "a longer text beside it changes a text"),
            (.cache, try patient.changeFromCaching(), "read position by position, a text is not what it is at once"),
        ]
        return changes.compactMap { kind, change, observation in
            guard let change, !(change <= Self.tolerance) else { return nil }
            return AttentionFinding(kind, "\(observation): by \(change.short) of the greatest number")
        }
    }
}

extension Float {
    /// With two significant digits.
    fileprivate var short: String { isFinite ? Double(self).significantDigits(2) : "more than a number holds" }
}
