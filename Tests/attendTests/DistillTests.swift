import Foundation
import Testing

/// `attend distill`, run as a process with a tiny teacher.
@Suite struct DistillTests {
    private static let sources = TinyModel.pairs.map { String($0.prefix { $0 != "\t" }) }

    private func arguments(_ folder: TemporaryFolder, output: String, _ rest: [String] = []) throws -> [String] {
        let plain = try folder.write(Self.sources.joined(separator: "\n") + "\n\n", to: "english.txt")
        // Of these somebody has written translations.
        let guided = try folder.write(TinyModel.pairs.prefix(6).joined(separator: "\n") + "\n", to: "guided.tsv")
        return [
            "distill", "--teacher", try TinyModel.folder.get().path, "--source", plain, "--source", guided, "--output",
            folder.path(output), "--threads", "1", "--teach", "batchSize=5",
        ] + (TinyModel.settings + ["model.modelSize=16", "maximumUpdates=40"]).flatMap { ["--set", $0] } + rest
    }

    @Test func aStudentLearnsWhatItsTeacherSays() throws {
        let folder = try TemporaryFolder()
        let command = try Command.run(arguments(folder, output: "student"))
        #expect(command.status == 0, "\(command.errors)")
        #expect(command.errors.contains("attend: 55 lines, 54 translations kept\n"), "\(command.errors)")
        #expect(command.errors.contains("attend: 54 translations to learn from are in "), "\(command.errors)")
        let pairs = try String(contentsOfFile: folder.path("student/distillation/pairs.tsv"), encoding: .utf8)
        let lines = pairs.split(separator: "\n").map(String.init)
        #expect(lines.count == 54 && zip(lines, Self.sources).allSatisfy { $0.hasPrefix($1 + "\t") })
        // The teacher has learnt this language by heart.
        #expect(zip(lines, TinyModel.pairs).count { $0 == $1 } > 40, "\(pairs)")
        let record = try String(contentsOfFile: folder.path("student/distillation/settings.json"), encoding: .utf8)
        #expect(record.contains("sequence") && !record.contains("guidance"), "\(record)")
        let translated = try Command.run("translate", "we like birds .", "--model", folder.path("student"))
        #expect(translated.status == 0, "\(translated.errors)")
        let strict = try Command.run(
            arguments(folder, output: "strict", ["--teach", "minimumScore=0.5"]))
        #expect(
            strict.status == 65 && strict.errors.contains("found none good enough among 55 lines"), "\(strict.errors)")
    }

    /// How likely the teacher finds each word is kept on disk, and what somebody has written is taken as it is.
    @Test func aStudentIsToldWhatIsLikely() throws {
        let folder = try TemporaryFolder()
        let word = [
            "--level", "word", "--guide", "likelyCount=4", "--guide", "temperature=2", "--teach", "candidateCount=0",
        ]
        let command = try Command.run(arguments(folder, output: "student", word))
        #expect(command.status == 0, "\(command.errors)")
        let pairs = try String(contentsOfFile: folder.path("student/distillation/pairs.tsv"), encoding: .utf8)
        #expect(pairs.split(separator: "\n").suffix(6).map(String.init) == Array(TinyModel.pairs.prefix(6)))
        #expect(FileManager.default.fileExists(atPath: folder.path("student/distillation/likely/1.safetensors")))
        let translated = try Command.run("translate", "we like birds .", "--model", folder.path("student"))
        #expect(translated.status == 0, "\(translated.errors)")
        let record = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(filePath: folder.path("student/distillation/settings.json"))))
                as? [String: Any])
        #expect(record["level"] as? String == "word" && record["seed"] as? Int == 1, "\(record)")
        let teacher = try TinyModel.folder.get().path
        #expect(record["teacher"] as? String == teacher, "\(record)")
        #expect((record["sources"] as? [String])?.count == 2, "\(record)")
        let (translations, guidance) = (record["translations"] as? [String: Any], record["guidance"] as? [String: Any])
        #expect(translations?["candidateCount"] as? Int == 0 && translations?["batchSize"] as? Int == 5, "\(record)")
        #expect(guidance?["temperature"] as? Double == 2 && guidance?["likelyCount"] as? Int == 4, "\(record)")
        let cut = try Command.run(arguments(folder, output: "cut", word + ["--set", "pieceDropout=0.1"]))
        #expect(
            cut.status == 65
                && cut.errors.contains("expected training.pieceDropout to be 0 for a student that is told"),
            "\(cut.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("cut")))
        let foreign = try Command.run(
            "distill", "--teacher", TaskCommandTests.root + "../../../AttentionModelsTests/Fixtures/Marian/attention",
            "--source", try folder.write("we like birds .\n", to: "foreign.txt"), "--output", folder.path("foreign"),
            "--level", "word")
        #expect(
            foreign.status == 65 && foreign.errors.contains("distill: expected a teacher trained here"),
            "\(foreign.errors)")
        let alone = try Command.run(arguments(folder, output: "x", ["--guide", "likelyCount=4"]))
        #expect(
            alone.status == 64 && alone.errors.contains("--guide: expected --level word or attentionWeight above 0"),
            "\(alone.errors)")
    }

    @Test func headsAreDrawnToTheTeachers() throws {
        let folder = try TemporaryFolder()
        let drawn = ["--guide", "attentionWeight=0.5"]
        let command = try Command.run(arguments(folder, output: "student", drawn))
        #expect(command.status == 0, "\(command.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("student/distillation/likely")))
        let other = try Command.run(
            arguments(folder, output: "other", drawn + ["--set", "model.headCount=4"]))
        #expect(
            other.status == 65
                && other.errors.contains("(encoder 2; decoder 2; cross 2), found encoder 4; decoder 4; cross 4"),
            "\(other.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("other")))
    }

    /// Killed at any point, it goes on where it was, and ends as if nothing had happened.
    @Test func aKilledDistillationGoesOn() throws {
        let folder = try TemporaryFolder()
        #expect(try Command.run(arguments(folder, output: "whole")).status == 0)
        let output = folder.path("killed")
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = try arguments(folder, output: "killed")
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        while !FileManager.default.fileExists(atPath: output + "/distillation/progress.json"), process.isRunning {
            usleep(1000)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        // As if it had been killed within a line.
        let pairs = try #require(FileHandle(forWritingAtPath: output + "/distillation/pairs.tsv"))
        try pairs.seekToEnd()
        try pairs.write(contentsOf: Data("half a li".utf8))
        try pairs.close()
        let other = try Command.run(arguments(folder, output: "killed", ["--teach", "minimumScore=-3"]))
        #expect(
            other.status == 65 && other.errors.contains("settings.minimumScore -3 instead of -5"), "\(other.errors)")
        let again = try Command.run(arguments(folder, output: "killed"))
        #expect(again.status == 0, "\(again.errors)")
        let files = ["distillation/pairs.tsv", "model.safetensors"]
        for file in files {
            let (one, two) = (folder.path("whole/" + file), output + "/" + file)
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: one)) == Data(contentsOf: URL(fileURLWithPath: two)),
                "\(file)")
        }
    }

    @Test func whatIsWrongIsSaidBeforeTheTeacherBegins() throws {
        let folder = try TemporaryFolder()
        let setting = try Command.run(arguments(folder, output: "x", ["--set", "nonsense=1"]))
        #expect(setting.status == 64 && !FileManager.default.fileExists(atPath: folder.path("x")), "\(setting.errors)")
        let teaching = try Command.run(arguments(folder, output: "x", ["--teach", "nonsense=1"]))
        #expect(teaching.status == 64, "\(teaching.errors)")
        let ratio = try Command.run(arguments(folder, output: "x", ["--teach", "maximumLengthRatio=0.5"]))
        #expect(
            ratio.status == 65
                && ratio.errors.contains("distill: expected maximumLengthRatio to be at least 1, found 0.5"),
            "\(ratio.errors)")
        #expect(
            try Command.run("distill", "--teacher", "x", "--output", "y").errors.contains(
                "--source: expected at least one file"))
    }
}
