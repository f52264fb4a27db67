import AttentionFiles
import AttentionTensors
import AttentionTraining
import Testing
import TrainingProbe

struct SnapshotTests {
    /// A training with five validations, after updates 4, 8, 12, 16 and 20, that find these results.
    private func snapshots(
        _ folder: borrowing TrainingFolder, _ snapshots: TrainingConfiguration.Snapshots, metric: String? = nil,
        _ results: [ValidationResult]
    ) throws -> (paths: [String], average: ToyTagger, validated: [Int: ToyTagger]) {
        var settings = folder.configuration(updates: 20)
        settings.snapshots = snapshots
        settings.selectionMetric = metric
        var validated: [Int: ToyTagger] = [:]
        var trainer = try ToyTagger().trainer(settings) { model in
            validated[4 * (validated.count + 1)] = model
            return results[validated.count - 1]
        }
        _ = try trainer.run()
        return (trainer.snapshotPaths, try trainer.averagedModel(), validated)
    }

    private func expectAverage(_ average: ToyTagger, of models: [ToyTagger?]) throws {
        for (index, named) in average.parameters().enumerated() {
            let values = try models.map { try #require($0).parameters()[index].parameter.tensor.values }
            for (position, found) in named.parameter.tensor.values.enumerated() {
                let mean = values.reduce(0) { $0 + $1[position] } / Float(models.count)
                #expect(abs(found - mean) <= 1e-6)
            }
        }
    }

    @Test func theBestByLossAreKept() throws {
        let folder = try TrainingFolder()
        let results = [5.0, 3, 4, 2, 6].map { ValidationResult(loss: $0) }
        let (paths, average, validated) = try snapshots(folder, .best(3), results)
        #expect(paths == [16, 8, 12].map { "\(folder.path)/best-\($0).safetensors" })
        #expect(
            try folder.names() == [
                "best-12.safetensors", "best-16.safetensors", "best-8.safetensors", "checkpoint.safetensors",
                "log.jsonl",
            ])
        try expectAverage(average, of: [validated[16], validated[8], validated[12]])
    }

    @Test func theBestByMetricAreKept() throws {
        let folder = try TrainingFolder()
        let results = [10.0, 30, 30, 20, 5].map { ValidationResult(loss: $0, metrics: ["BLEU": $0]) }
        let (paths, _, _) = try snapshots(folder, .best(2), metric: "BLEU", results)
        #expect(paths == [8, 12].map { "\(folder.path)/best-\($0).safetensors" })
    }

    @Test func theLatestAreKept() throws {
        let folder = try TrainingFolder()
        let results = [1.0, 2, 3, 4, 5].map { ValidationResult(loss: $0) }
        let (paths, average, validated) = try snapshots(folder, .last(2), results)
        #expect(paths == [20, 16].map { "\(folder.path)/last-\($0).safetensors" })
        try expectAverage(average, of: [validated[20], validated[16]])
    }

    @Test func withoutSnapshotsTheModelItselfIsTheAverage() throws {
        let folder = try TrainingFolder()
        let results = [1.0, 2, 3, 4, 5].map { ValidationResult(loss: $0) }
        let (paths, average, validated) = try snapshots(folder, .best(0), results)
        #expect(paths.isEmpty)
        try expectAverage(average, of: [validated[20]])
    }

    @Test func averagesAreOfOneModel() throws {
        let folder = try TrainingFolder()
        let paths = ["a", "b"].map { "\(folder.path)/\($0).safetensors" }
        try ToyTagger(seed: 1).save(to: paths[0])
        try ToyTagger(size: 9, seed: 1).save(to: paths[1])
        #expect(throws: SafetensorsError.self) { try ToyTagger().averaged(of: paths) }
        let one = try ToyTagger().averaged(of: [paths[0], paths[0]])
        #expect(
            one.parameters().map(\.parameter.tensor.values)
                == ToyTagger(seed: 1).parameters().map(\.parameter.tensor.values))
    }
}
