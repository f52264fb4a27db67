import AttentionTensors
import AttentionTraining
import FoundationEssentials
import Testing
import TrainingProbe

struct ResumeTests {
    private let schedule = PlateauSchedule(peak: 0.02, factor: 0.5, patience: 1, warmup: 3)

    private func expectSameTensors(_ left: String, _ right: String) throws {
        let (left, right) = (try SafetensorsFile(path: left), try SafetensorsFile(path: right))
        #expect(left.names == right.names)
        #expect(left.names.count == 12)  // four parameters with two moments each
        for name in left.names {
            let bits = try [left, right].map { try $0.tensor(named: name).values.map(\.bitPattern) }
            let isSame = bits[0] == bits[1]
            #expect(isSame, "\(name)")
        }
    }

    @Test(arguments: [1, 7, 10, 12])
    func interruptedIsUninterrupted(at pause: Int) throws {
        let straight = try TrainingFolder()
        var whole = try ToyTagger().trainer(straight.configuration(updates: 20), schedule: schedule)
        #expect(try whole.run() == .maximumUpdates)

        let paused = try TrainingFolder()
        var first = try ToyTagger().trainer(paused.configuration(updates: pause), schedule: schedule)
        #expect(try first.run() == .maximumUpdates)
        // Another start, so that what is not restored would show.
        var second = try ToyTagger(seed: 77).trainer(paused.configuration(updates: 20), schedule: schedule)
        #expect(second.hasCheckpoint)
        try second.resume()
        #expect(second.progress.update == pause)
        #expect(try second.run() == .maximumUpdates)

        #expect(try straight.events() == paused.events())
        #expect(try straight.events().count == 6 + 5 + 1)  // reports, validations, the end
        #expect(try straight.names() == paused.names())
        try expectSameTensors(straight.checkpointPath, paused.checkpointPath)
        #expect(whole.progress.validations == second.progress.validations)
    }

    /// A stop in the middle of a validation leaves it to be done after resuming.
    @Test func validationIsRepeatedNotLost() throws {
        let straight = try TrainingFolder()
        var whole = try ToyTagger().trainer(straight.configuration(updates: 12), schedule: schedule)
        _ = try whole.run()

        let paused = try TrainingFolder()
        var isStopping = false
        var first = try ToyTagger().trainer(paused.configuration(updates: 12), schedule: schedule) { _ in
            isStopping = true
            throw CancellationError()
        }
        let reason = try first.run(until: { isStopping })
        #expect(first.progress.update == 4)
        #expect(reason == .interrupted)

        var second = try ToyTagger().trainer(paused.configuration(updates: 12), schedule: schedule)
        try second.resume()
        #expect(try second.run() == .maximumUpdates)
        #expect(try straight.events() == paused.events())
        try expectSameTensors(straight.checkpointPath, paused.checkpointPath)
    }

    @Test func aNewTrainingOverwritesNoOldOne() throws {
        let folder = try TrainingFolder()
        var old = try ToyTagger().trainer(folder.configuration(updates: 2))
        _ = try old.run()
        var new = try ToyTagger().trainer(folder.configuration(updates: 2))
        #expect(throws: TrainingError.checkpointExists(path: folder.checkpointPath)) { try new.run() }
    }

    @Test func onlyTheTrainingItselfIsResumed() throws {
        let folder = try TrainingFolder()
        let settings = folder.configuration(updates: 2)
        var missing = try ToyTagger().trainer(settings)
        #expect(!missing.hasCheckpoint)
        #expect(throws: SafetensorsError.self) { try missing.resume() }
        _ = try missing.run()

        var otherSeed = settings
        otherSeed.seed = 9
        var other = try ToyTagger().trainer(otherSeed)
        #expect(
            throws: TrainingError.unfitCheckpoint(
                path: folder.checkpointPath, expected: "a training with seed 9", found: "1")
        ) { try other.resume() }

        var larger = try ToyTagger(size: 16).trainer(settings)
        #expect(throws: SafetensorsError.self) { try larger.resume() }

        var otherData = try ToyTagger().trainer(settings, exampleCount: 300)
        #expect(throws: TrainingError.self) { try otherData.resume() }

        try ToyTagger().save(to: folder.checkpointPath)
        var model = try ToyTagger().trainer(settings)
        #expect(
            throws: TrainingError.unfitCheckpoint(
                path: folder.checkpointPath, expected: "the progress of a training", found: "none")
        ) { try model.resume() }
    }

    @Test func damagedCheckpointsAreRefused() throws {
        let folder = try TrainingFolder()
        let settings = folder.configuration(updates: 2)
        var trainer = try ToyTagger().trainer(settings)
        _ = try trainer.run()
        let bytes = try FileContents.read(folder.checkpointPath)
        for length in [0, 7, 100, bytes.count / 2, bytes.count - 1] {
            try AtomicFile.write(Array(bytes[..<length]), to: folder.checkpointPath)
            var resumed = try ToyTagger().trainer(settings)
            #expect(throws: SafetensorsError.self) { try resumed.resume() }
        }
    }
}
