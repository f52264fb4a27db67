public import ArgumentParser
import Attention
import AttentionCommand

struct Distill: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a small translator on what a large one translates.",
        discussion: """
            The teacher is any folder that attend translate reads, or the model inside this program (default). It translates the lines of --source; \
            what it is not sure of is left out, and a student is trained on the rest, as attend train translation trains. A line of two columns parted by a \
            tab is a text and a translation of somebody's, to which the nearest of several translations of the teacher is taken. Ctrl-C ends at any \
            point; the same command goes on there, with --resume once the student has begun to learn. With --level word a teacher that was trained here \
            also tells how likely it finds each word, which is kept on disk first; --teach candidateCount=0 takes what somebody has written as it is. \
            --guide attentionWeight=1 draws the student's heads to those of such a teacher.
            """)

    @Option(help: ArgumentHelp("The folder of the model that translates, or default.", valueName: "dir"))
    var teacher: String?
    @Option(
        name: .customLong("source"),
        help: ArgumentHelp("Text in the teacher's source language, line by line; may be repeated.", valueName: "txt"))
    var sources: [String] = []
    @Option(
        name: .customLong("valid"),
        help: ArgumentHelp(
            "Sentence pairs to choose the best student by; unless given, the last hundredth of the translations, at least 1.",
            valueName: "tsv"))
    var validationFiles: [String] = []
    @Option(help: ArgumentHelp("Where the student goes.", valueName: "dir"))
    var output: String?
    @OptionGroup var choice: TranslatorOptions
    @Option(
        name: .customLong("teach"),
        help: ArgumentHelp(
            "One setting of the translations: batchSize, beamSize, candidateCount, minimumScore or maximumLengthRatio; may be repeated.",
            valueName: "key=value"))
    var teaching: [String] = []
    @Option(
        help: ArgumentHelp(
            "What the student learns from: sequence for translations, word for those and how likely the teacher finds each word.",
            valueName: "level"))
    var level = DistillationLevel.sequence
    @Option(
        name: .customLong("guide"),
        help: ArgumentHelp(
            "One setting of what the teacher tells beside translations: likelyCount, temperature, teacherShare or attentionWeight; may be repeated.",
            valueName: "key=value"))
    var guiding: [String] = []
    @OptionGroup var student: StudentOptions

    func validate() throws {
        guard !student.course.settings else { return }
        if teacher?.isEmpty ?? true {
            throw ValidationError("--teacher: expected the folder of a translator, or default")
        }
        if sources.isEmpty { throw ValidationError("--source: expected at least one file of text") }
        if output?.isEmpty ?? true { throw ValidationError("--output: expected a folder for the student") }
    }

    func run() throws {
        guard !student.course.settings, let output, let teacher else {
            return try student.train(to: output) { ([], []) }
        }
        student.course.threads.apply()
        // What is wrong with the student's settings is said before the teacher begins.
        var lesson = try lesson(of: teacher)
        try student.train(to: nil, taughtBy: lesson) { ([], []) }
        let distillation = SequenceDistillation(
            teacher: try choice.translator(of: teacher), sources: sources, directory: output + "/distillation",
            choice: lesson.record.choice, settings: lesson.record.translations)
        if MessagePassingLauncher.current != nil, try !distillation.isComplete() {
            throw DistillationError.severalProcesses(output)
        }
        StopSignal.install()
        let isComplete = try distillation.run { tell($0) }
        Diagnostics.endStatus()
        guard isComplete else {
            return Diagnostics.print("attend: interrupted; continue with the same command")
        }
        var pairs = try learningMaterial(try distillation.pairs(), output)
        if let teller = lesson.guidance {
            pairs.train = teller.readable(pairs.train)
            if level == .word {
                guard let distributions = try teller.distributions(over: pairs.train, output) else { return }
                lesson.guidance?.distributions = try distributions.kept()
            }
        }
        try student.train(to: output, taughtBy: lesson) { ([pairs.train], pairs.valid) }
    }

    /// What the teacher is asked for, as it was said.
    private func lesson(of teacher: String) throws -> StudentOptions.Lesson {
        var settings = try Settings(DistillationSettings())
        for assignment in teaching { try settings.apply(assignment: assignment) }
        let guidance = try guidance(of: teacher)
        return StudentOptions.Lesson(
            record: DistillationRecord(
                teacher: teacher, choice: choice.choice, sources: sources, validation: validationFiles, level: level,
                translations: try settings.value(), guidance: guidance?.settings, seed: student.course.seed),
            guidance: guidance)
    }

    /// What the teacher is to tell beside translations; nil for nothing.
    private func guidance(of teacher: String) throws -> TeacherGuidance? {
        var settings = try Settings(GuidanceSettings())
        for assignment in guiding { try settings.apply(assignment: assignment) }
        let chosen = try settings.value()
        guard level == .word || chosen.attentionWeight > 0 else {
            guard guiding.isEmpty else {
                throw ValidationError(
                    "--guide: expected --level word or attentionWeight above 0 beside it, found neither")
            }
            return nil
        }
        return try TeacherGuidance(
            teacher: teacher == "default" ? .standard() : TeacherGuidance.teacher(at: teacher), settings: chosen)
    }

    /// Pairs to learn from, and those to choose the best student by.
    private func learningMaterial(
        _ pairs: [SentencePair], _ output: String
    ) throws -> (train: [SentencePair], valid: [SentencePair]) {
        Diagnostics.print("attend: \(pairs.count) translations to learn from are in \(output)/distillation/pairs.tsv")
        guard validationFiles.isEmpty else { return (pairs, try ParallelCorpus(reading: validationFiles).pairs) }
        let count = max(1, min(2000, pairs.count / 100))
        return (Array(pairs.dropLast(count)), Array(pairs.suffix(count)))
    }

    private func tell(_ progress: SequenceDistillation.Progress) {
        let leftOut = progress.leftOut.values.reduce(0, +)
        Diagnostics.printStatus(
            "\(ProgressBar(done: progress.lineCount, total: progress.total)) \(progress.lineCount) of \(progress.total) lines, "
                + "\(progress.keptCount) kept, \(leftOut) left out")
        guard progress.isComplete else { return }
        Diagnostics.endStatus()
        let reasons = progress.leftOut.sorted { $0.key < $1.key }.map { ", \($0.value) left out (\($0.key))" }
        Diagnostics.print(
            "attend: \(progress.lineCount) lines, \(progress.keptCount) translations kept" + reasons.joined())
    }
}

extension TeacherGuidance {
    /// What the teacher finds likely for these pairs, all of it on disk; nil if that was interrupted.
    fileprivate func distributions(over pairs: [SentencePair], _ output: String) throws -> TeacherDistributions? {
        let distributions = TeacherDistributions(
            teacher: teacher, pairs: pairs, directory: output + "/distillation/likely", settings: settings)
        if MessagePassingLauncher.current != nil {
            guard try distributions.isComplete() else { throw DistillationError.severalProcesses(output) }
            return distributions
        }
        let total = distributions.pairs.count
        let isComplete = try distributions.run { done in
            Diagnostics.printStatus(
                "\(ProgressBar(done: done, total: total)) the teacher has weighed \(done) of \(total) pairs")
        }
        Diagnostics.endStatus()
        guard isComplete else {
            Diagnostics.print("attend: interrupted; continue with the same command")
            return nil
        }
        return distributions
    }
}

extension DistillationLevel: ExpressibleByArgument {}

extension DistillationError: DataFault {}
