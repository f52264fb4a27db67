import AttentionReinforcement

/// What a training had reached after so many steps: what its last report said, and after its end what the end was.
struct StepCurve {
    private let steps: [Double]
    private let values: [Double]

    /// The curve of what reports say; nil if in none of them an episode has ended.
    init?(_ reports: [PolicyReport], _ value: (PolicyReport) -> Float) {
        let told = reports.filter { $0.episodeCount > 0 }
        guard !told.isEmpty else { return nil }
        (steps, values) = (told.map { Double($0.stepCount) }, told.map { Double(value($0)) })
    }

    /// After how many steps something new was reported.
    var places: [Double] { steps }

    /// What had been reached after so many steps; before the first report, what that one said.
    func callAsFunction(_ step: Double) -> Double {
        values[max(0, (steps.firstIndex { $0 > step } ?? steps.count) - 1)]
    }
}
