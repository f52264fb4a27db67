import AttentionTensors
import AttentionTraining
import Testing
import TrainingProbe

/// Trainings with any optimizer go on after an interruption as if there had been none.
struct OptimizerResumeTests {
    private func bits(_ path: String) throws -> [String: [UInt32]] {
        let file = try SafetensorsFile(path: path)
        return try Dictionary(
            uniqueKeysWithValues: file.names.map { ($0, try file.tensor(named: $0).values.map(\.bitPattern)) })
    }

    /// How many tensors are remembered of the toy's three matrices and one vector.
    @Test(arguments: [
        ("sgd", 0), ("sgd heavy ball", 4), ("sgd nesterov", 4), ("adam", 8), ("adafactor absolute", 7),
        ("adafactor relative", 7), ("lion", 4), ("muon", 2 + 2 * 2),
    ])
    func interruptedIsUninterrupted(_ name: String, remembered: Int) throws {
        let optimizer = try #require(OptimizerFixtureTests.optimizers.first { $0.0 == name }).1
        let straight = try TrainingFolder()
        var whole = try ToyTagger().trainer(straight.configuration(updates: 12), optimizer: optimizer)
        _ = try whole.run()

        let paused = try TrainingFolder()
        var first = try ToyTagger().trainer(paused.configuration(updates: 7), optimizer: optimizer)
        _ = try first.run()
        var second = try ToyTagger(seed: 77).trainer(paused.configuration(updates: 12), optimizer: optimizer)
        try second.resume()
        _ = try second.run()

        #expect(try straight.events() == paused.events())
        let (one, two) = (try bits(straight.checkpointPath), try bits(paused.checkpointPath))
        #expect(one.count == 4 + remembered)
        let isSame = one == two
        #expect(isSame)
        #expect(
            whole.model.parameters().map(\.parameter.tensor.values)
                != ToyTagger().parameters().map(\.parameter.tensor.values))
    }

    @Test func theStateOfAnotherOptimizerIsRefused() throws {
        let folder = try TrainingFolder()
        var adam = try ToyTagger().trainer(folder.configuration(updates: 2))
        _ = try adam.run()
        var settings = folder.configuration(updates: 4)
        var lion = try ToyTagger().trainer(settings, optimizer: Lion())
        let error = #expect(throws: TrainingError.self) { try lion.resume() }
        #expect(
            error?.description == "resume: expected what lion remembers in \(folder.checkpointPath), "
                + "found adam.first.bias; "
                + "resume with what it was made with, or start a new training in another directory")

        let other = try TrainingFolder()
        settings = other.configuration(updates: 2)
        settings.identity = ["data": "100 pairs"]
        var plain = try ToyTagger().trainer(settings, optimizer: SGD())
        _ = try plain.run()
        var resumed = try ToyTagger().trainer(settings)
        let difference = #expect(throws: TrainingError.self) { try resumed.resume() }
        #expect(difference?.description.contains("found optimizer absent instead of sgd") == true)
    }
}
