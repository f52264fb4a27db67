import AttentionFiles
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

    @Test func otherSettingsAndDataAreNamed() throws {
        let folder = try TrainingFolder()
        var settings = folder.configuration(updates: 2)
        settings.identity = ["dropout": "0.1", "data": "100 pairs", "old": "1"]
        var first = try ToyTagger().trainer(settings)
        _ = try first.run()

        var same = settings
        same.maximumUpdates = 3
        var resumed = try ToyTagger().trainer(same)
        #expect(try resumed.resume())

        settings.identity = ["dropout": "0.3", "data": "100 pairs", "new": "2"]
        var other = try ToyTagger().trainer(settings)
        let error = #expect(throws: TrainingError.self) { try other.resume() }
        #expect(
            error?.description
                == "resume: expected what \(folder.checkpointPath) was made with, found dropout 0.3 instead of 0.1, "
                + "new 2 instead of absent, old absent instead of 1; "
                + "resume with what it was made with, or start a new training in another directory")
    }

    /// Checkpoints of earlier versions do not say what they were made with.
    @Test func checkpointsWithoutIdentityAreResumedUnverified() throws {
        let folder = try TrainingFolder()
        var settings = folder.configuration(updates: 2)
        var old = try ToyTagger().trainer(settings)
        _ = try old.run()
        settings.identity = ["dropout": "0.1"]
        settings.maximumUpdates = 4
        var resumed = try ToyTagger().trainer(settings)
        #expect(try !resumed.resume())
        _ = try resumed.run()
        var again = try ToyTagger().trainer(settings)
        #expect(try again.resume())
    }

    @Test func damagedProgressIsASentence() throws {
        let folder = try TrainingFolder()
        let settings = folder.configuration(updates: 2)
        for text in ["", "{", #"{"update": "two"}"#, "[]", #"{"update":-1,"epoch":0}"#] {
            try ToyTagger().save(to: folder.checkpointPath, metadata: ["progress": text])
            var trainer = try ToyTagger().trainer(settings)
            let error = #expect(throws: TrainingError.self) { try trainer.resume() }
            #expect(
                error?.description == "resume: expected the progress of a training in \(folder.checkpointPath), "
                    + "found damaged text; resume with what it was made with, or start a new training in another directory"
            )
        }
    }

    @Test func aDamagedLogIsNoticedBeforeTraining() throws {
        let folder = try TrainingFolder()
        var first = try ToyTagger().trainer(folder.configuration(updates: 10))
        _ = try first.run()
        var log = try FileContents.read(folder.logPath)
        let second = try #require(log.firstIndex(of: UInt8(ascii: "\n"))) + 1
        log[second] = UInt8(ascii: "x")
        try AtomicFile.write(log, to: folder.logPath)
        var resumed = try ToyTagger().trainer(folder.configuration(updates: 20))
        try resumed.resume()
        let error = #expect(throws: TrainingError.damagedLog(path: folder.logPath, line: 2)) { try resumed.run() }
        #expect(
            error?.description == "train: expected an event of a training in line 2 of \(folder.logPath), "
                + "found something else; remove that line, or move the file away")
    }

    @Test func whatKilledRunsLeftIsTidiedAway() throws {
        let folder = try TrainingFolder()
        try AtomicFile.write([1], to: folder.path + "/.attention-beef.partial")
        var trainer = try ToyTagger().trainer(folder.configuration(updates: 2))
        _ = try trainer.run()
        #expect(try folder.names() == ["checkpoint.safetensors", "log.jsonl"])
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
