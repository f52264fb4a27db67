import AttentionTensors
import AttentionTraining
import FoundationEssentials
import Testing
import TrainingProbe

struct NamedLossTests {
    /// Parts that differ from batch to batch in value and weight.
    private func trainer(_ configuration: TrainingConfiguration, validated: Bool = false) throws
        -> Trainer<ToyTagger, TokenBucketing<FixedExamples<SequencePair>>>
    {
        try Trainer(
            model: ToyTagger(), schedule: ConstantSchedule(rate: 0),
            batches: TokenBucketing(ToyTagger.examples(100), tokenLimit: 60, seed: 4), configuration: configuration,
            loss: { model, batch, step in
                var value = try model.loss(batch, key: nil)
                value.parts["crossEntropy"] = WeightedSum(Double(value.total.scalar), weight: value.weight)
                value.parts["examples"] = WeightedSum(Double(batch.count * batch.count), weight: Double(batch.count))
                return value
            }, validate: validated ? { try $0.validated() } : nil)
    }

    @Test func partsAreAveragedByTheirWeights() throws {
        var settings = TrainingConfiguration()
        settings.maximumUpdates = 4
        settings.accumulationCount = 2
        settings.progressInterval = 4
        var reports: [TrainingReport] = []
        var trainer = try trainer(settings)
        _ = try trainer.run { if case .progress(let report) = $0 { reports.append(report) } }
        let batches = try TokenBucketing(ToyTagger.examples(100), tokenLimit: 60, seed: 4).epoch(0).batches().prefix(8)
        let count = batches.reduce(0) { $0 + $1.count }
        let squares = batches.reduce(0) { $0 + $1.count * $1.count }
        #expect(reports.count == 1)
        #expect(try #require(reports[0].parts["examples"]) == Double(squares) / Double(count))
        #expect(reports[0].parts["crossEntropy"] == reports[0].loss)
    }

    @Test func partsAreLoggedResumedAndShown() throws {
        let straight = try TrainingFolder()
        let paused = try TrainingFolder()
        var whole = try trainer(straight.configuration(updates: 12), validated: true)
        _ = try whole.run()
        var first = try trainer(paused.configuration(updates: 7), validated: true)
        _ = try first.run()
        var second = try trainer(paused.configuration(updates: 12), validated: true)
        try second.resume()
        _ = try second.run()
        #expect(try straight.events() == paused.events())
        guard case .progress(let report) = try straight.events()[0] else { return #expect(Bool(false)) }
        #expect(report.parts.keys.sorted() == ["crossEntropy", "examples"])
        let line = ProgressLine(report, unit: "examples").description
        #expect(line.contains("  crossEntropy 2.") && line.contains(" examples/s"), "\(line)")
    }

    @Test func nothingNeedsToBeValidated() throws {
        let folder = try TrainingFolder()
        var settings = folder.configuration(updates: 9)
        var trainer = try trainer(settings)
        #expect(try trainer.run() == .maximumUpdates)
        #expect(trainer.progress.validations.isEmpty)
        #expect(try folder.names() == ["checkpoint.safetensors", "log.jsonl"])
        #expect(try trainer.averagedModel().hidden.tensor.values == trainer.model.hidden.tensor.values)
        settings.earlyStoppingPatience = 2
        #expect(
            throws: TrainingError.setting(
                "earlyStoppingPatience", expected: "of 0 where nothing is validated", found: "2")
        ) { try self.trainer(settings) }
        settings.earlyStoppingPatience = 0
        settings.selectionMetric = "BLEU"
        #expect(throws: TrainingError.self) { try self.trainer(settings) }
    }
}
