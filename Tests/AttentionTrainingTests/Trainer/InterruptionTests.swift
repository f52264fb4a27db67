import AttentionFiles
import AttentionTensors
import AttentionTraining
import Foundation
import Testing

/// What happens to a training when its process is interrupted, killed or cannot save.
struct InterruptionTests {
    private func expectSameTraining(_ left: borrowing TrainingFolder, _ right: borrowing TrainingFolder) throws {
        #expect(try left.events() == right.events())
        #expect(try left.events().last?.stopReason == .maximumUpdates)
        #expect(try left.names() == right.names())
        let files = try [SafetensorsFile(path: left.checkpointPath), SafetensorsFile(path: right.checkpointPath)]
        #expect(files[0].names == files[1].names)
        for name in files[0].names {
            let bits = try files.map { try $0.tensor(named: name).values.map(\.bitPattern) }
            let isSame = bits[0] == bits[1]
            #expect(isSame, "\(name)")
        }
    }

    private func uninterrupted(_ folder: borrowing TrainingFolder, updates: Int = 200, size: Int = 16) throws {
        let (lines, status) = try ProbeProcess(folder.path, updates: updates, size: size).finish()
        #expect(status == 0)
        #expect(lines.last == "all updates made")
    }

    @Test func aKilledTrainingIsResumedBitForBit() throws {
        let straight = try TrainingFolder()
        let killed = try TrainingFolder()
        try uninterrupted(straight)
        var killCount = 0
        while true {
            let process = try ProbeProcess(killed.path, updates: 200)
            // A checkpoint comes at least with every fifth line, so each round gets somewhere.
            for _ in 0..<Int.random(in: 5...25) { _ = process.line() }
            process.send(SIGKILL)
            let status = process.finish().status
            if status == 0 { break }
            #expect(status == -SIGKILL)
            killCount += 1
        }
        #expect(killCount >= 2)
        // What was being written when a process died was left behind under a name of its own; the next one has tidied it away.
        try expectSameTraining(straight, killed)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func anInterruptedTrainingSavesAndEndsWell(signal: Int32) throws {
        let interrupted = try TrainingFolder()
        let process = try ProbeProcess(interrupted.path, updates: 1_000_000)
        for _ in 0..<3 { _ = process.line() }
        process.send(signal)
        let (lines, status) = process.finish()
        #expect(status == 0)
        #expect(lines.last == "interrupted")
        guard case .stopped(.interrupted, let update) = try interrupted.events().last else {
            Issue.record("expected the log to end with an interruption")
            return
        }
        let saved = try SafetensorsFile(path: interrupted.checkpointPath).metadata["progress"]
        #expect(saved?.contains("\"update\":\(update)") == true)

        let straight = try TrainingFolder()
        try uninterrupted(straight, updates: update + 60)
        try uninterrupted(interrupted, updates: update + 60)
        try expectSameTraining(straight, interrupted)
    }

    @Test func theSecondSignalEndsTheProcessAtOnce() throws {
        let folder = try TrainingFolder()
        let process = try ProbeProcess(folder.path, updates: 200, hanging: true)
        while let line = process.line(), line != "validating" {}
        process.send(SIGINT)
        #expect(process.line() == "not now")
        process.send(SIGINT)
        #expect(process.finish().status == 128 + SIGINT)
    }

    /// A checkpoint of 220 kB does not fit; the one before survives, and training goes on from it when there is room again.
    @Test func aFullDiskCostsNothingThatWasSaved() throws {
        let straight = try TrainingFolder()
        let limited = try TrainingFolder()
        try uninterrupted(straight, size: 128)
        #expect(try ProbeProcess(limited.path, updates: 30, size: 128).finish().status == 0)
        let before = try FileContents.read(limited.checkpointPath)
        let (lines, status) = try ProbeProcess(limited.path, updates: 200, size: 128, fileLimit: 200).finish()
        #expect(status == 65)
        #expect(lines.last == FileError(.save, path: limited.checkpointPath, code: EFBIG).description)
        #expect(try FileContents.read(limited.checkpointPath) == before)
        #expect(try limited.names().filter { $0.hasSuffix(".partial") }.isEmpty)
        try uninterrupted(limited, size: 128)
        try expectSameTraining(straight, limited)
    }
}
