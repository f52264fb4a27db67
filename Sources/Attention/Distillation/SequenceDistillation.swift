import AttentionEvaluation
import AttentionFiles
import AttentionTensors
public import AttentionTraining

/// What a student learns from a teacher that translates: the teacher's translations of any text in the source language.
///
/// ```swift
/// let distillation = SequenceDistillation(teacher: try Translator(path: "teacher"), sources: ["english.txt.gz"], directory: "student/distillation")
/// if try distillation.run() { print(try distillation.pairs().count) }
/// ```
///
/// Sentences that a large model writes are easier to learn than those that people wrote: they have fewer ways to say the same. Texts are lines; a line of two
/// columns parted by a tab is a text and a translation of somebody's, to which the nearest of several translations of the teacher is taken. What the teacher is not
/// sure of, what is far longer or shorter than its source, and what had to be mended is left out.
///
/// Translations go to disk batch by batch, so that a run that ends in any way goes on where it was.
///
/// *Source:* Kim & Rush 2016, *Sequence-Level Knowledge Distillation*, sec. 3.2 and 3.3.
public struct SequenceDistillation: Sendable {
    /// Who translates.
    public let teacher: Translator
    /// Files of lines, plain or compressed by gzip.
    public let sources: [String]
    /// Where translations are kept: `pairs.tsv`, and `progress.json`.
    public let directory: String
    /// What was said of a teacher that can do more than one thing, when it was opened.
    public let choice: TranslatorChoice
    /// How they are made and chosen.
    public let settings: DistillationSettings

    /// A distillation of these texts.
    public init(
        teacher: Translator, sources: [String], directory: String, choice: TranslatorChoice = TranslatorChoice(),
        settings: DistillationSettings = DistillationSettings()
    ) {
        (self.teacher, self.sources, self.directory) = (teacher, sources, directory)
        (self.choice, self.settings) = (choice, settings)
    }

    /// How far it has come.
    public struct Progress: Sendable, Hashable, Codable {
        /// What it was begun with.
        var identity: [String: String] = [:]
        /// How long the file of translations was.
        var byteCount = 0
        /// How many lines have been read, empty ones included.
        public fileprivate(set) var lineCount = 0
        /// How many lines there are.
        public fileprivate(set) var total = 0
        /// How many translations are kept.
        public fileprivate(set) var keptCount = 0
        /// How many were left out, by the reason: score, length, mended.
        public fileprivate(set) var leftOut: [String: Int] = [:]

        /// Whether all lines have been read.
        public var isComplete: Bool { lineCount == total }
    }

    private var pairsPath: String { directory + "/pairs.tsv" }
    private var progressPath: String { directory + "/progress.json" }

    /// Translates what is not translated yet.
    ///
    /// - Parameters:
    ///   - observer: told after every batch.
    ///   - stopRequested: asked after every batch.
    /// - Returns: whether all is done.
    /// - Throws: `DistillationError` if the folder was begun with something else; what is wrong with the texts or the disk.
    public func run(
        observer: (Progress) throws -> Void = { _ in }, until stopRequested: () -> Bool = { StopSignal.isReceived }
    ) throws -> Bool {
        try settings.check()
        try Directory.create(directory)
        guard let lock = try FolderLock(of: directory) else { throw TrainingFolderError.inUse(directory) }
        defer { withExtendedLifetime(lock) {} }
        let files = try sources.map { try CorpusFile(reading: $0) }
        var lines: [CorpusFile.Line] = []
        for file in files { file.forEachLine { lines.append($0) } }
        var progress = try begun(files, lineCount: lines.count)
        let output = try AppendingFile(path: pairsPath, keeping: progress.byteCount)
        while !progress.isComplete {
            if stopRequested() { return false }
            let batch = lines[progress.lineCount..<min(lines.count, progress.lineCount + settings.batchSize)]
            let texts = try batch.compactMap { try DistilledLine($0) }
            try output.append(Array(try translated(texts, &progress).utf8))
            try output.synchronize()
            progress.lineCount += batch.count
            progress.byteCount = output.length
            try save(progress)
            try observer(progress)
        }
        return true
    }

    /// Whether all lines have been translated, as far as the folder says.
    public func isComplete() throws -> Bool {
        guard Directory.hasFile(progressPath) else { return false }
        return try saved().isComplete
    }

    /// The translations that are kept, in the order of their sources.
    /// - Throws: `DistillationError.nothingKept` if there are none.
    public func pairs() throws -> [SentencePair] {
        let progress = try saved()
        guard progress.keptCount > 0 else { throw DistillationError.nothingKept(lineCount: progress.lineCount) }
        return try ParallelCorpus(reading: [pairsPath]).pairs
    }

    private func begun(_ files: [CorpusFile], lineCount: Int) throws -> Progress {
        let identity = identity(files)
        guard Directory.hasFile(progressPath) else {
            var progress = Progress()
            (progress.identity, progress.total) = (identity, lineCount)
            return progress
        }
        let saved = try saved()
        let differences = Set(identity.keys).union(saved.identity.keys).sorted().filter {
            identity[$0] != saved.identity[$0]
        }
        guard differences.isEmpty else {
            throw DistillationError.otherDistillation(
                directory,
                differences: differences.map {
                    "\($0) \(identity[$0] ?? "absent") instead of \(saved.identity[$0] ?? "absent")"
                })
        }
        return saved
    }

    private func saved() throws -> Progress {
        do { return try JSONDecoding.decode(from: try FileContents.read(progressPath)) } catch is JSONError {
            throw DistillationError.damagedProgress(progressPath)
        }
    }

    private func save(_ progress: Progress) throws {
        try AtomicFile.write(Array((try JSONEncoding.text(of: progress, as: .lines) + "\n").utf8), to: progressPath)
    }

    /// All that decides the translations, by name.
    private func identity(_ files: [CorpusFile]) -> [String: String] {
        var identity = ["teacher": "\(Fingerprint(of: teacher.model.model))"]
        for (index, file) in files.enumerated() {
            identity["text \(index + 1)"] = "\(file.bytes.count) bytes (\(Fingerprint(of: file.bytes)))"
        }
        identity["texts"] = "\(files.count)"
        for (name, value) in SettingValue.all(of: settings) where name != "batchSize" {
            identity["settings." + name] = value.plain
        }
        // What was not said has no place here.
        (identity["from"], identity["to"], identity["prompt"]) = (choice.source, choice.target, choice.prompt)
        if choice.usesShortlist { identity["shortlist"] = "used" }
        return identity
    }

    /// The lines of the translations that are worth learning.
    private func translated(_ lines: [DistilledLine], _ progress: inout Progress) throws -> String {
        var options = TranslationOptions(beamSize: settings.beamSize > 0 ? settings.beamSize : nil, aligns: false)
        let free = try teacher.translate(
            lines.filter { $0.reference == nil }.map(\.text), options: options)
        options.hypothesisCount = settings.candidateCount
        if let beam = options.beamSize { options.beamSize = max(beam, settings.candidateCount) }
        let guided =
            try takesReferences
            ? [] : teacher.translate(lines.filter { $0.reference != nil }.map(\.text), options: options)
        var (nextFree, nextGuided) = (free.makeIterator(), guided.makeIterator())
        var text = ""
        for line in lines {
            if takesReferences, let reference = line.reference {
                progress.keptCount += 1
                text += line.text + "\t" + reference.onOneLine + "\n"
                continue
            }
            let found = (line.reference == nil ? nextFree.next() : nextGuided.next()) ?? []
            guard let chosen = try line.reference.map({ try Self.nearest(found, to: $0) }) ?? found.first else {
                continue
            }
            if let reason = reasonAgainst(chosen, of: line.text) {
                progress.leftOut[reason, default: 0] += 1
            } else {
                progress.keptCount += 1
                text += line.text + "\t" + chosen.text.onOneLine + "\n"
            }
        }
        return text
    }

    /// Whether what somebody has written is learnt as it is.
    private var takesReferences: Bool { settings.candidateCount == 0 }

    private static func nearest(_ candidates: [Translation], to reference: String) throws -> Translation? {
        try candidates.map { ($0, try ChrF.chrF2.score([$0.text], references: [[reference]]).score) }
            .max { $0.1 < $1.1 }?.0
    }

    private func reasonAgainst(_ translation: Translation, of text: String) -> String? {
        let lengths = [text, translation.text].map { Double($0.unicodeScalars.count + 10) }
        if !translation.guards.isEmpty || translation.text.allSatisfy(\.isWhitespace) { return "mended" }
        if translation.score < settings.minimumScore { return "score" }
        if max(lengths[0], lengths[1]) > settings.maximumLengthRatio * min(lengths[0], lengths[1]) { return "length" }
        return nil
    }
}

/// A line that is to be translated, perhaps with a translation of somebody's.
private struct DistilledLine {
    let text: String
    let reference: String?

    /// Nil for a line without content.
    init?(_ line: CorpusFile.Line) throws {
        guard !line.isBlank else { return nil }
        let cells = line.cells
        text = try line.text(cells[0])
        reference = cells.count > 1 ? try line.text(cells[1]) : nil
    }
}

extension String {
    /// With spaces in the places of what would end a line or a column.
    fileprivate var onOneLine: String { String(map { $0.isNewline || $0 == "\t" ? " " : $0 }) }
}
