import AttentionFiles
import AttentionTensors
import AttentionTraining
import FoundationEssentials
import Testing

func event(_ json: String) throws -> TrainingEvent {
    try JSONDecoder().decode(TrainingEvent.self, from: Data(json.utf8))
}

struct TrainingLogTests {
    private let lines = [
        #"{"epoch":0,"event":"progress","gradientNorm":1.5,"learningRate":0.0005,"loss":2.25,"seconds":1.5,"tokensPerSecond":100,"update":10}"#,
        #"{"event":"validation","loss":2,"metrics":{"BLEU":30.5},"update":10}"#,
        #"{"event":"stopped","reason":"maximumUpdates","update":10}"#,
    ]

    private func text(_ path: String) throws -> String { String(decoding: try FileContents.read(path), as: UTF8.self) }

    @Test func oneLinePerEvent() throws {
        let folder = try TrainingFolder()
        let log = try TrainingLog(path: folder.logPath, keeping: 0)
        for line in lines { try log.append(event(line)) }
        #expect(try text(folder.logPath) == lines.map { $0 + "\n" }.joined())
        #expect(try log.length == text(folder.logPath).utf8.count)
        #expect(try TrainingLog.events(in: folder.logPath) == lines.map(event))
    }

    @Test func whatIsBeyondTheCheckpointIsCutOff() throws {
        let folder = try TrainingFolder()
        do {
            let log = try TrainingLog(path: folder.logPath, keeping: 0)
            for line in lines { try log.append(event(line)) }
        }
        let log = try TrainingLog(path: folder.logPath, keeping: lines[0].utf8.count + 1)
        try log.append(event(lines[2]))
        #expect(try text(folder.logPath) == lines[0] + "\n" + lines[2] + "\n")
    }

    @Test func aLostLogIsBegunAnew() throws {
        let folder = try TrainingFolder()
        let log = try TrainingLog(path: folder.logPath, keeping: 1000)
        try log.append(event(lines[1]))
        #expect(try text(folder.logPath) == lines[1] + "\n")
    }

    @Test func aLogThatCannotBeWrittenSaysSo() {
        #expect(throws: FileError.self) { try TrainingLog(path: "/nowhere/log.jsonl", keeping: 0) }
        #expect(throws: FileError.self) {
            let log = try TrainingLog(path: "/dev/full", keeping: 0)
            try log.append(event(lines[1]))
        }
    }

    @Test func numbersThatAreNotFiniteHaveNames() throws {
        let folder = try TrainingFolder()
        let log = try TrainingLog(path: folder.logPath, keeping: 0)
        try log.append(.validation(Validation(update: 1, loss: 2, metrics: ["BLEU": .nan, "x": -.infinity])))
        #expect(try text(folder.logPath).contains(#""metrics":{"BLEU":"nan","x":"-inf"}"#))
        guard case .validation(let read) = try TrainingLog.events(in: folder.logPath)[0] else {
            return #expect(Bool(false))
        }
        #expect(read.metrics["BLEU"]?.isNaN == true && read.metrics["x"] == -.infinity)
    }
}
